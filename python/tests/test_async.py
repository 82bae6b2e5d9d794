"""The asyncio client."""

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


def test_an_async_client_has_the_calls_of_the_client(sandbox: Sandbox) -> None:
    async def calls() -> None:
        async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
            await client.update_contacts(100000001, technical=JANE.to_dict())
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
            assert await orders.take(1) == await orders.list() == []
            assert [order.id for order in await client.orders().list()] == ids
            with pytest.raises(ValueError, match="count must be 0 or more"):
                await orders.take(-1)
            found = await client.find("ada.nwosu@example.com", contact_type="technical_contact")
            assert [contact.order_id for contact in found] == [100000010]
            with pytest.raises(OrderNotFoundError):
                await client.order(7)
            begun = client.orders()
            await anext(begun)
        for call in (client.order(7), anext(begun), begun.take(1), begun.list()):
            with pytest.raises(RuntimeError, match="the client is closed"):
                await call

    asyncio.run(calls())


def test_a_cancelled_search_sends_no_further_request(sandbox: Sandbox) -> None:
    async def calls() -> None:
        url = sandbox.base_url
        limits = RateLimits([(6, 60)])
        async with AsyncClient(sandbox.api_key, base_url=url, rate_limits=limits) as client:
            task = asyncio.create_task(client.find("robin.leaver@example.com"))
            while len(sandbox.requests()) < 6:  # noqa: ASYNC110 - a sandbox has no events
                await asyncio.sleep(0.01)
            start = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert time.monotonic() - start < 0.3, "0.1 s, plus time for a busy machine"

    asyncio.run(calls())
    assert len(sandbox.requests()) == 6


def test_tasks_share_a_list_and_a_cancelled_one_loses_nothing(sandbox: Sandbox) -> None:
    async def calls() -> None:
        async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
            ids = list(range(100000001, 100000015))
            shared = client.orders()

            found: list[int | None] = []

            async def rest() -> None:
                found.extend([order.id async for order in shared])

            await asyncio.gather(*(rest() for _ in range(4)))
            assert sorted(filter(None, found)) == ids
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


def test_whoami_returns_the_user_of_the_key() -> None:
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


def test_calls_run_one_at_a_time_by_default() -> None:
    async def elapsed(server: faults.Server, concurrency: int) -> float:
        client = AsyncClient("key", base_url=server.base_url, concurrency=concurrency)
        start = time.monotonic()
        async with client:
            await asyncio.gather(*(client.update_contacts(1, technical=JANE) for _ in range(3)))
        return time.monotonic() - start

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.2) as server:
        one_by_one = asyncio.run(elapsed(server, 1))
        at_once = asyncio.run(elapsed(server, 3))
    assert one_by_one >= 0.6
    assert at_once < one_by_one / 1.5


def test_two_hundred_updates_at_once_keep_the_rate_limit() -> None:
    # DigiCert's windows, a hundredth as long for a fifth of the requests.
    windows = [(20, 0.05), (200, 1.8)]
    ids = [7, *range(100000001, 100000200)]

    async def calls(sandbox: Sandbox) -> list[BaseException | None]:
        url = sandbox.base_url
        async with AsyncClient(
            sandbox.api_key, base_url=url, rate_limits=windows, concurrency=16
        ) as client:
            await client.order(ids[-1])
            changes = (client.update_contacts(order, technical=JANE) for order in ids)
            results = await asyncio.gather(*changes, return_exceptions=True)
            orders = await asyncio.gather(*(client.order(order) for order in ids[1:20]))
            assert [order.id for order in orders] == ids[1:20], "in the order of the calls"
            return results

    with Sandbox(orders=199, rate_limits=windows) as sandbox:
        start = time.monotonic()
        results = asyncio.run(calls(sandbox))
        assert time.monotonic() - start > 1.8, "it waited for the long window"
        statuses = [status for _, _, status in sandbox.requests()]
        changed = {change["order_id"] for change in sandbox.changes()}
    assert (statuses.count(204), statuses.count(404), statuses.count(429)) == (199, 1, 0)
    assert isinstance(results[0], OrderNotFoundError)
    assert results[1:] == [None] * 199
    assert changed == set(ids[1:])


def test_calls_at_once_are_as_many_as_the_client_permits() -> None:
    async def calls(server: faults.Server) -> None:
        async with AsyncClient("key", base_url=server.base_url, concurrency=4) as client:
            await asyncio.gather(*(client.update_contacts(1, technical=JANE) for _ in range(40)))

    with faults.Server(b"HTTP/1.1 204 No Content\r\n\r\n", delay=0.02) as server:
        asyncio.run(calls(server))
        assert (len(server.requests), server.most_at_once) == (40, 4)


def test_the_event_loop_runs_while_a_call_waits() -> None:
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


def test_a_wait_is_cancelled_at_once_with_its_outcome() -> None:
    async def cancel(server: faults.Server) -> tuple[float, BaseException | None]:
        async with AsyncClient("key", base_url=server.base_url) as client:
            call = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            await server.wait_for_request()
            await asyncio.sleep(0.2)
            call.cancel()
            start = time.monotonic()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            return time.monotonic() - start, caught.value.__cause__

    with faults.Server(faults.unavailable(60)) as server:
        took, cause = asyncio.run(cancel(server))
    assert took < 0.3, "0.1 s, and what a busy machine takes"
    assert isinstance(cause, CallCancelledError)
    assert (cause.outcome, cause.attempts) == ("unknown", 1)


def test_cancelling_waits_for_a_sent_request() -> None:
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


def test_a_queued_call_that_is_cancelled_is_never_sent() -> None:
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


def test_an_asyncio_timeout_ends_a_wait_for_the_rate_limit(sandbox: Sandbox) -> None:
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


def test_an_async_client_cannot_be_pickled_and_hides_its_key() -> None:
    client = AsyncClient("marker-key")
    assert "marker" not in repr(client)
    with pytest.raises(TypeError, match="holds an API key"):
        pickle.dumps(client)
    with pytest.raises(ValueError, match="1 or more"):
        AsyncClient("key", concurrency=0)
