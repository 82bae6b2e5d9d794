"""Bulk changes with the asyncio client."""

import asyncio
import contextvars
import inspect
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from digicert_contacts import (
    AsyncClient,
    AsyncPlan,
    CallCancelledError,
    Client,
    ExportStoppedError,
    OrderNotFoundError,
    Plan,
    PlanStoppedError,
    Progress,
    Report,
    RunCancelledError,
)
from digicert_contacts.testing import Sandbox

JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
ORDERS = range(100000001, 100000015)
ROWS = [{"order_id": order, "technical_contact": JANE} for order in ORDERS]
CALLS = ["plan", "apply", "resume", "undo", "find", "replace", "export"]

_T = TypeVar("_T")


def async_client(sandbox: Sandbox, limit: int | None = None, **settings: Any) -> AsyncClient:  # noqa: ANN401
    """Return a client that waits for a minute after a number of requests."""
    limits = [] if limit is None else [(limit, 60)]
    return AsyncClient(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits, **settings)


def with_client(
    sandbox: Sandbox,
    calls: Callable[[AsyncClient], Coroutine[None, None, _T]],
    limit: int | None = None,
    **settings: Any,  # noqa: ANN401
) -> _T:
    async def main() -> _T:
        async with async_client(sandbox, limit, **settings) as client:
            return await calls(client)

    return asyncio.run(main())


async def sent(sandbox: Sandbox, count: int) -> None:
    """Wait until a number of requests was answered."""
    while len(sandbox.requests()) < count:  # noqa: ASYNC110 - a sandbox has no events
        await asyncio.sleep(0.005)


async def cancelled(task: "asyncio.Task[Any]") -> BaseException | None:
    """Cancel a task, and return the cause of its error."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    return caught.value.__cause__


def updates(sandbox: Sandbox) -> list[str]:
    """Return the ids of the orders that an update was sent for, one for each request."""
    return [path.split("/")[-2] for method, path, _ in sandbox.requests() if method == "PUT"]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_has_the_arguments_of_the_blocking_client(name: str) -> None:
    def arguments(function: Callable[..., object]) -> list[tuple[str, Any, Any]]:
        signature = inspect.signature(function)
        return [(p.name, p.kind, p.default) for p in signature.parameters.values()][1:]

    assert arguments(getattr(AsyncClient, name)) == arguments(getattr(Client, name))


def test_a_plan_has_the_members_of_the_blocking_plan() -> None:
    def public(cls: type) -> set[str]:
        return {name for name in dir(cls) if not name.startswith("_")}

    assert public(AsyncPlan) == public(Plan)
    assert inspect.iscoroutinefunction(AsyncPlan.apply)
    for name in ("load", "save", "apply"):
        arguments = inspect.signature(getattr(AsyncPlan, name)).parameters
        assert list(arguments) == list(inspect.signature(getattr(Plan, name)).parameters)


def test_a_run_gives_the_report_of_the_blocking_client(sandbox: Sandbox, tmp_path: Path) -> None:
    with Sandbox() as other, Client(other.api_key, base_url=other.base_url) as blocking:
        expected = blocking.plan(ROWS).apply(journal=None)

    async def calls(client: AsyncClient) -> Report:
        plan = await client.plan(ROWS)
        assert (len(plan.orders), plan.summary.changes) == (14, 14)
        assert plan.estimate(verify=False).requests == 28
        await plan.save(tmp_path / "plan.json")
        plan = await AsyncPlan.load(client, tmp_path / "plan.json")
        return await plan.apply(journal=tmp_path / "run.jsonl")

    assert with_client(sandbox, calls) == expected


def test_a_limited_run_is_resumed_and_undone(sandbox: Sandbox, tmp_path: Path) -> None:
    before = [sandbox.order(order) for order in ORDERS[:3]]

    async def calls(client: AsyncClient) -> None:
        journal = tmp_path / "run.jsonl"
        limited = await client.apply(ROWS[:3], journal=journal, limit=1)
        assert (limited.summary.changed, limited.summary.skipped) == (1, 2)
        assert (await client.resume(journal)).all_done
        undo = await client.undo(journal)
        assert (await undo.apply(journal=None)).summary.changed == 3

    with_client(sandbox, calls)
    assert [sandbox.order(order) for order in ORDERS[:3]] == before


def test_a_person_is_replaced_from_a_search(sandbox: Sandbox, tmp_path: Path) -> None:
    async def calls(client: AsyncClient) -> None:
        found = await client.find("ada.nwosu@example.com", contact_type="technical_contact")
        report = await found.replace(JANE).apply(journal=None)
        assert [order.order_id for order in report.orders] == [100000010]
        plan = await client.replace({"robin.leaver@example.com": JANE})
        assert plan.search is not None
        assert plan.search.all_done
        assert (await plan.apply(journal=None)).summary.changed == len(plan.orders) == 10
        exported = await client.export(tmp_path / "contacts.csv", contact=JANE["email"])
        assert exported.contacts == 12
        state = tmp_path / "contacts.csv"
        requests = len(sandbox.requests())
        assert (await client.plan(state, state=state)).summary.unchanged == 11
        assert len(sandbox.requests()) == requests, "a plan from a file sends nothing"

    with_client(sandbox, calls)


def test_the_event_loop_runs_during_a_run_of_hundreds_of_orders(tmp_path: Path) -> None:
    rows = [{"order_id": 100000001 + n, "technical_contact": JANE} for n in range(300)]
    gaps: list[float] = []

    async def tick() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    async def calls(client: AsyncClient) -> None:
        ticker = asyncio.create_task(tick())
        plan = await client.plan(rows)
        assert (await plan.apply(journal=tmp_path / "run.jsonl", concurrency=2)).all_done
        undo = await client.undo(tmp_path / "run.jsonl")
        await undo.save(tmp_path / "undo.json")
        await AsyncPlan.load(client, tmp_path / "undo.json")
        ticker.cancel()

    with Sandbox(orders=300, rate_limits=[]) as sandbox:
        with_client(sandbox, calls)
    gaps.sort()
    assert gaps[len(gaps) * 99 // 100] < 0.05
    assert gaps[-1] < 0.5, "a busy machine may pause it once"


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_file_is_read_in_a_thread(sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / "pipe.csv"
    os.mkfifo(source)
    text = "order_id,contact_type,first_name,last_name,email\n"
    text += "100000001,technical_contact,Jane,Doe,jane.doe@example.com\n"

    async def calls(client: AsyncClient) -> None:
        planning = asyncio.create_task(client.plan(source))
        await asyncio.sleep(0.1)
        assert not planning.done()
        await asyncio.to_thread(source.write_text, text)
        assert (await planning).summary.changes == 1

    with_client(sandbox, calls)


def test_progress_is_called_on_the_event_loop_with_the_context_of_the_task(
    sandbox: Sandbox,
) -> None:
    steps: list[tuple[int, int, str]] = []
    request = contextvars.ContextVar[str]("request")

    def step(progress: Progress) -> None:
        steps.append((threading.get_ident(), progress.done, request.get()))

    async def wait(progress: Progress) -> None:
        await asyncio.sleep(0)
        step(progress)

    async def calls(client: AsyncClient) -> None:
        request.set("7")
        plan = await client.plan(ROWS[:3], progress=step)
        await plan.apply(journal=None, progress=wait)

    with_client(sandbox, calls)
    assert steps == [(threading.get_ident(), done, "7") for done in (1, 2, 3)] * 2


def test_progress_can_make_calls_of_the_same_client(sandbox: Sandbox) -> None:
    names: list[str | None] = []

    async def calls(client: AsyncClient) -> None:
        async def read(progress: Progress) -> None:
            contact = (await client.order(progress.order_id)).technical_contact
            names.append(contact and contact.first_name)

        await client.apply(ROWS[:3], journal=None, verify=False, progress=read)

    with_client(sandbox, calls)
    assert names == ["Jane"] * 3


def test_an_exception_of_progress_stops_a_run(sandbox: Sandbox, tmp_path: Path) -> None:
    async def fail(progress: Progress) -> None:
        if progress.done == 2:
            raise ZeroDivisionError

    async def calls(client: AsyncClient) -> None:
        journal = tmp_path / "run.jsonl"
        with pytest.raises(ZeroDivisionError):
            await client.apply(ROWS, journal=journal, progress=fail)
        assert len(updates(sandbox)) == 2
        with pytest.raises(TypeError, match="progress must be a callable"):
            await client.resume(journal, progress="bar")  # type: ignore[arg-type]
        assert (await client.resume(journal)).all_done

    with_client(sandbox, calls)


def test_a_cancelled_run_says_what_it_did_and_is_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"

    async def calls(client: AsyncClient) -> BaseException | None:
        run = asyncio.create_task(client.apply(ROWS, journal=journal, verify=False))
        await sent(sandbox, 5)
        start = time.monotonic()
        cause = await cancelled(run)
        assert time.monotonic() - start < 0.3, "0.1 s, plus time for a busy machine"
        return cause

    # Two orders; the update of the third waits for the rate limit.
    cause = with_client(sandbox, calls, limit=5)
    assert isinstance(cause, RunCancelledError)
    assert str(cause) == (
        "the run was cancelled: 14 orders: 2 changed, 12 skipped; "
        f"to finish it, pass the journal `{journal}` to resume()"
    )
    assert cause.journal == str(journal)
    assert [order.result for order in cause.report.orders] == ["changed"] * 2 + ["skipped"] * 12
    assert cause.report.stopped is not None
    assert cause.report.stopped.kind == "cancelled"
    report = with_client(sandbox, lambda client: client.resume(journal))
    assert report.all_done
    assert sorted(updates(sandbox)) == [str(order) for order in ORDERS], "each was sent once"


def test_a_request_under_way_ends_before_a_run_is_cancelled(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async def calls(client: AsyncClient) -> tuple[BaseException | None, float]:
        plan = await client.plan(ROWS)
        sandbox.add_fault("delay", seconds=0.4, method="PUT", next=1)
        run = asyncio.create_task(plan.apply(journal=tmp_path / "run.jsonl"))
        await asyncio.sleep(0.2)
        start = time.monotonic()
        return await cancelled(run), time.monotonic() - start

    cause, took = with_client(sandbox, calls)
    assert 0.1 < took < 0.5
    assert isinstance(cause, RunCancelledError)
    assert (cause.report.summary.changed, cause.report.summary.skipped) == (1, 13)
    assert updates(sandbox) == ["100000001"]


def test_an_unknown_outcome_of_a_cancelled_run_is_reported(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"

    async def calls(client: AsyncClient) -> BaseException | None:
        plan = await client.plan(ROWS)
        sandbox.add_fault("delay", seconds=1.0, method="PUT", next=1)
        run = asyncio.create_task(plan.apply(journal=journal))
        await asyncio.sleep(0.2)
        return await cancelled(run)

    cause = with_client(sandbox, calls, timeout=0.5)
    assert isinstance(cause, RunCancelledError)
    assert "14 orders: 1 failed, 1 unknown, 13 skipped" in str(cause)
    failure = cause.report.orders[0].failure
    assert failure is not None
    assert failure.outcome == "unknown"
    assert with_client(sandbox, lambda client: client.resume(journal)).all_done


def test_a_run_that_ended_before_it_was_cancelled_says_so(sandbox: Sandbox) -> None:
    async def calls(client: AsyncClient) -> BaseException | None:
        main: list[asyncio.Task[Report]] = []

        def cancel(progress: Progress) -> None:
            if progress.done == 1:
                main[0].cancel()

        main.append(
            asyncio.create_task(client.apply(ROWS[:1], journal=None, verify=False, progress=cancel))
        )
        with pytest.raises(asyncio.CancelledError) as caught:
            await main[0]
        return caught.value.__cause__

    cause = with_client(sandbox, calls)
    assert isinstance(cause, RunCancelledError)
    assert str(cause) == "the run ended before it was cancelled: 1 orders: 1 changed"
    assert cause.report.all_done


def test_a_cancelled_run_without_a_journal_says_so(sandbox: Sandbox) -> None:
    async def calls(client: AsyncClient) -> BaseException | None:
        run = asyncio.create_task(client.apply(ROWS, journal=None))
        await sent(sandbox, 3)
        return await cancelled(run)

    cause = with_client(sandbox, calls, limit=3)
    assert isinstance(cause, RunCancelledError)
    assert str(cause).endswith("; it has no journal, so make a new plan")


def test_a_cancelled_plan_and_export_say_what_they_did(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"

    async def plan(client: AsyncClient) -> BaseException | None:
        planning = asyncio.create_task(client.plan(ROWS))
        await sent(sandbox, 4)
        return await cancelled(planning)

    async def export(client: AsyncClient) -> BaseException | None:
        before = len(sandbox.requests())
        exporting = asyncio.create_task(client.export(path))
        await sent(sandbox, before + 4)
        return await cancelled(exporting)

    cause = with_client(sandbox, plan, limit=4)
    assert isinstance(cause, PlanStoppedError)
    assert cause.failure.kind == "cancelled"
    cause = with_client(sandbox, export, limit=4)
    assert isinstance(cause, ExportStoppedError)
    assert "to resume, export again" in str(cause)
    before = len(sandbox.requests())
    assert with_client(sandbox, lambda client: client.export(path)).all_done
    assert len(sandbox.requests()) - before < len(ORDERS), "no order is read twice"


def test_a_timeout_has_the_cancelled_run_in_its_causes(sandbox: Sandbox, tmp_path: Path) -> None:
    async def calls(client: AsyncClient) -> BaseException | None:
        with pytest.raises(asyncio.TimeoutError) as caught:
            await asyncio.wait_for(client.apply(ROWS, journal=tmp_path / "run.jsonl"), 0.3)
        assert isinstance(caught.value.__cause__, asyncio.CancelledError)
        return caught.value.__cause__.__cause__

    assert isinstance(with_client(sandbox, calls, limit=3), RunCancelledError)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no asyncio.TaskGroup")
def test_a_failure_in_a_task_group_cancels_a_run(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"

    async def calls(client: AsyncClient) -> None:
        with pytest.raises(BaseExceptionGroup) as caught:  # noqa: F821, PT012 - Python 3.11
            async with asyncio.TaskGroup() as group:
                group.create_task(client.apply(ROWS, journal=journal))
                await sent(sandbox, 3)
                group.create_task(client.order(7))
        assert [type(error) for error in caught.value.exceptions] == [OrderNotFoundError]
        assert (await client.resume(journal)).all_done

    sandbox.add_fault("delay", seconds=0.02)
    with_client(sandbox, calls)


SCRIPT = """
import asyncio, sys, time
from digicert_contacts import AsyncClient

base_url, api_key, journal = sys.argv[1:]
jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
rows = [{"order_id": id, "technical_contact": jane} for id in range(100000001, 100000015)]

async def main():
    async with AsyncClient(api_key, base_url=base_url, rate_limits=[(7, 60)]) as client:
        await client.apply(rows, journal=journal, progress=lambda s: print(s.done, flush=True))

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print(time.time())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child alone")
def test_ctrl_c_stops_a_run_and_resume_finishes_it(
    sandbox: Sandbox, client: Client, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    command = [sys.executable, "-c", SCRIPT, sandbox.base_url, sandbox.api_key, str(journal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["1\n", "2\n"]
        time.sleep(0.3)
        start = time.time()
        process.send_signal(signal.SIGINT)
        ended, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert float(ended.split()[-1]) - start < 0.3, "0.1 s, plus time for a busy machine"
    assert client.resume(journal).all_done
    assert sorted(updates(sandbox)) == [str(order) for order in ORDERS], "each was sent once"


def test_a_run_finishes_after_its_client_was_closed(sandbox: Sandbox, tmp_path: Path) -> None:
    async def main() -> None:
        client = async_client(sandbox)
        plan = await client.plan(ROWS)
        sandbox.add_fault("delay", seconds=0.02)
        run = asyncio.create_task(plan.apply(journal=tmp_path / "run.jsonl"))
        await sent(sandbox, 16)
        await client.aclose()
        late = asyncio.create_task(client.apply(ROWS, journal=tmp_path / "late.jsonl"))
        assert (await run).all_done
        with pytest.raises(RuntimeError, match="the client is closed"):
            await late
        assert not (tmp_path / "late.jsonl").exists()

    asyncio.run(main())


def test_single_calls_do_not_wait_for_a_run(sandbox: Sandbox, tmp_path: Path) -> None:
    async def calls(client: AsyncClient) -> None:
        run = asyncio.create_task(client.apply(ROWS, journal=tmp_path / "run.jsonl"))
        await sent(sandbox, 1)
        await client.order(100000001)
        assert not run.done()
        assert (await run).all_done

    sandbox.add_fault("delay", seconds=0.02)
    with_client(sandbox, calls)


def test_a_run_stops_when_its_event_loop_does(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    loop = asyncio.new_event_loop()
    client = async_client(sandbox)

    def stop(progress: Progress) -> None:
        if progress.done == 2:
            loop.stop()

    run = loop.create_task(client.apply(ROWS, journal=journal, verify=False, progress=stop))
    loop.run_forever()
    time.sleep(1.5)
    assert len(updates(sandbox)) <= 3
    report = loop.run_until_complete(run)
    loop.close()
    assert report.stopped is not None
    assert report.stopped.kind == "cancelled"
    with Client(sandbox.api_key, base_url=sandbox.base_url) as blocking:
        assert blocking.resume(journal).all_done


def test_a_cancelled_save_was_done(sandbox: Sandbox, tmp_path: Path) -> None:
    async def calls(client: AsyncClient) -> BaseException | None:
        plan = await client.plan(ROWS)
        saving = asyncio.create_task(plan.save(tmp_path / "plan.json"))
        await asyncio.sleep(0)
        return await cancelled(saving)

    cause = with_client(sandbox, calls)
    assert isinstance(cause, CallCancelledError)
    assert (cause.outcome == "done") == (tmp_path / "plan.json").exists()
