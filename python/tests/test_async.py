"""The client for asyncio."""

import asyncio
import pickle
import time

import pytest

import faults
from digicert_contacts import (
    AsyncClient,
    CallCancelledError,
    Contact,
    OrderNotFoundError,
    RateLimits,
)
from digicert_contacts.testing import Sandbox

JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def test_it_has_the_calls_of_the_other_client(sandbox: Sandbox) -> None:
    async def calls() -> None:
        async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
            await client.update_contacts(100000001, technical=JANE)
            order = await client.order("100000001")
            assert order.technical_contact is not None
            assert order.technical_contact.first_name == "Jane"
            ids = [order.id async for order in client.orders()]
            assert ids == list(range(100000001, 100000015))
            orders = client.orders()
            assert [order.id for order in await orders.take(2)] == ids[:2]
            assert (await anext(orders)).id == ids[2]
            assert [order.id for order in await orders.take(3)] == ids[3:6]
            assert [order.id for order in await orders.take(100)] == ids[6:]
            assert await orders.take(1) == []
            with pytest.raises(ValueError, match="count must be 0 or more"):
                await orders.take(-1)
            with pytest.raises(OrderNotFoundError):
                await client.order(7)
        with pytest.raises(RuntimeError, match="the client is closed"):
            await client.order(7)

    asyncio.run(calls())


def test_tasks_share_a_list_and_a_cancelled_one_loses_nothing(sandbox: Sandbox) -> None:
    async def calls() -> None:
        async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
            ids = list(range(100000001, 100000015))
            shared = client.orders()

            told: list[int | None] = []

            async def rest() -> None:
                told.extend([order.id async for order in shared])

            await asyncio.gather(*(rest() for _ in range(4)))
            assert sorted(filter(None, told)) == ids
            shared = client.orders()
            await anext(shared)
            taken = await asyncio.gather(*(shared.take(5) for _ in range(4)))
            assert [len(orders) for orders in taken] == [5, 5, 3, 0]
            sandbox.add_fault("delay", seconds=0.4, next=1)
            shared = client.orders()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(shared.take(14), 0.1)
            assert [order.id async for order in shared] == ids

    asyncio.run(calls())


def test_it_tells_whom_the_key_acts_for() -> None:
    async def calls(server: faults.Server) -> str:
        async with AsyncClient("key", base_url=server.base_url) as client:
            return repr(await client.whoami())

    with faults.Server(faults.ok(b'{"id": 7, "access_roles": [{"id": 100}]}')) as server:
        assert asyncio.run(calls(server)) == "<User with the roles [100]>"


def test_it_reads_the_order_report() -> None:
    async def calls(server: faults.Server) -> list[str]:
        async with AsyncClient("key", base_url=server.base_url) as client:
            report = await client.order_report()
            return [row["tech_email"] for row in report.rows()]

    with faults.Server(faults.ok(b'order_id,tech_email\n"1","a@b.example"\n')) as server:
        assert asyncio.run(calls(server)) == ["a@b.example"]


def test_calls_take_turns_unless_more_is_asked_for() -> None:
    async def elapsed(server: faults.Server, concurrency: int) -> float:
        client = AsyncClient("key", base_url=server.base_url, concurrency=concurrency)
        begin = time.monotonic()
        async with client:
            await asyncio.gather(*(client.update_contacts(1, technical=JANE) for _ in range(3)))
        return time.monotonic() - begin

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.2) as server:
        one_by_one = asyncio.run(elapsed(server, 1))
        at_once = asyncio.run(elapsed(server, 3))
    assert one_by_one >= 0.6
    assert at_once < one_by_one / 1.5


def test_the_event_loop_goes_on_while_a_call_waits() -> None:
    async def ticks(server: faults.Server) -> int:
        async with AsyncClient("key", base_url=server.base_url) as client:
            call = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            count = 0
            while not call.done():
                await asyncio.sleep(0.01)
                count += 1
            return count

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.3) as server:
        assert asyncio.run(ticks(server)) > 10


def test_a_wait_is_cancelled_at_once_and_its_outcome_is_told() -> None:
    async def cancel(server: faults.Server) -> tuple[float, BaseException | None]:
        async with AsyncClient("key", base_url=server.base_url) as client:
            call = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            await server.wait_for_request()
            await asyncio.sleep(0.2)
            call.cancel()
            begin = time.monotonic()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            return time.monotonic() - begin, caught.value.__cause__

    with faults.Server(faults.unavailable(60)) as server:
        took, cause = asyncio.run(cancel(server))
    assert took < 0.3, "0.1 s, and what a busy machine takes"
    assert isinstance(cause, CallCancelledError)
    assert (cause.outcome, cause.attempts) == ("unknown", 1)


def test_a_request_under_way_is_waited_for() -> None:
    async def cancel(server: faults.Server) -> BaseException | None:
        async with AsyncClient("key", base_url=server.base_url) as client:
            call = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            await server.wait_for_request()
            call.cancel()
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            return caught.value.__cause__

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.3) as server:
        cause = asyncio.run(cancel(server))
    assert isinstance(cause, CallCancelledError)
    assert cause.outcome == "done"


def test_a_call_whose_turn_has_not_come_is_never_sent() -> None:
    async def cancel(server: faults.Server) -> BaseException | None:
        async with AsyncClient("key", base_url=server.base_url) as client:
            first = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            second = asyncio.ensure_future(client.update_contacts(2, technical=JANE))
            await asyncio.sleep(0.05)
            second.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await second
            await first
            return caught.value.__cause__

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.3) as server:
        cause = asyncio.run(cancel(server))
        assert len(server.requests) == 1
    assert isinstance(cause, CallCancelledError)
    assert (cause.outcome, cause.attempts) == ("not-sent", 0)


def test_a_time_limit_of_asyncio_ends_a_wait_for_the_rate_limit(sandbox: Sandbox) -> None:
    async def wait() -> None:
        limits = RateLimits([(1, 60)])
        async with AsyncClient(
            sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits
        ) as client:
            await client.order(100000001)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.order(100000001), 0.1)

    asyncio.run(wait())
    assert len(sandbox.requests()) == 1


def test_it_does_not_pickle_and_does_not_show_its_key() -> None:
    client = AsyncClient("marker-key")
    assert "marker" not in repr(client)
    with pytest.raises(TypeError, match="holds an API key"):
        pickle.dumps(client)
    with pytest.raises(ValueError, match="1 or more"):
        AsyncClient("key", concurrency=0)
