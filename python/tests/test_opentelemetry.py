"""The documented example for OpenTelemetry follows the semantic conventions."""

import asyncio
import contextlib
import io
from typing import Any

import pytest

import documented
from digicert_contacts import AsyncClient, Client, ConnectionFailedError
from digicert_contacts.testing import Sandbox

pytest.importorskip("opentelemetry.sdk", reason="make test-free-threaded does not install it")

from opentelemetry import trace
from opentelemetry.semconv.attributes import (
    error_attributes,
    http_attributes,
    server_attributes,
    url_attributes,
)
from opentelemetry.trace import SpanKind, StatusCode

CONVENTIONS = (error_attributes, http_attributes, server_attributes, url_attributes)
NAMES = {
    value for module in CONVENTIONS for value in vars(module).values() if isinstance(value, str)
}
ORDER = 100000001
JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}


@pytest.fixture
def example() -> dict[str, Any]:
    """Run the example, and return its variables without the spans so far."""
    scripts = [script.text for script in documented.blocks() if "opentelemetry" in script.text]
    assert len(scripts) == 1
    variables: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(scripts[0], "block", "exec"), variables)  # noqa: S102 - our own docs
    variables["exporter"].clear()
    return variables


def spans(example: dict[str, Any]) -> list[Any]:
    return list(example["exporter"].get_finished_spans())


def test_each_request_is_a_span_of_a_client(example: dict[str, Any], sandbox: Sandbox) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, event_hooks=example["hooks"])
    sandbox.add_fault("status", status=503, next=1)
    client.order(ORDER)
    failed, succeeded = spans(example)
    assert (failed.name, failed.kind) == ("GET", SpanKind.CLIENT)
    url = f"{sandbox.base_url}/order/certificate/{ORDER}"
    port = int(sandbox.base_url.split(":")[2].split("/")[0])
    common = {
        "http.request.method": "GET",
        "url.full": url,
        "server.address": "127.0.0.1",
        "server.port": port,
    }
    assert dict(failed.attributes) == {
        **common,
        "http.response.status_code": 503,
        "error.type": "503",
    }
    assert dict(succeeded.attributes) == {
        **common,
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
    }
    assert {*failed.attributes, *succeeded.attributes} <= NAMES
    assert failed.status.status_code is StatusCode.ERROR
    assert succeeded.status.status_code is StatusCode.UNSET
    assert failed.start_time < failed.end_time <= succeeded.end_time


def test_a_request_without_a_response_has_the_type_of_its_error(example: dict[str, Any]) -> None:
    client = Client(
        "key", base_url="http://127.0.0.1:1", max_retries=0, event_hooks=example["hooks"]
    )
    with pytest.raises(ConnectionFailedError):
        client.order(ORDER)
    (span,) = spans(example)
    assert span.attributes["error.type"] == "ConnectionFailedError"
    assert "http.response.status_code" not in span.attributes


def test_the_spans_of_a_run_are_children_of_the_span_around_it(
    example: dict[str, Any], sandbox: Sandbox
) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, event_hooks=example["hooks"])
    rows = [{"order_id": ORDER + number, "technical_contact": JANE} for number in range(6)]
    with example["tracer"].start_as_current_span("run"):
        client.apply(rows, journal=None, concurrency=3)
    *requests, run = spans(example)
    assert run.name == "run"
    assert len(requests) == 18
    assert {span.parent.span_id for span in requests} == {run.context.span_id}
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_the_spans_of_an_async_client_are_children_of_the_span_of_their_task(
    example: dict[str, Any], sandbox: Sandbox
) -> None:
    async def read(client: AsyncClient, name: str) -> None:
        with example["tracer"].start_as_current_span(name):
            await client.order(ORDER)

    async def main() -> None:
        async with AsyncClient(
            sandbox.api_key, base_url=sandbox.base_url, event_hooks=example["hooks"]
        ) as client:
            await asyncio.gather(*(read(client, f"task {number}") for number in range(3)))

    asyncio.run(main())
    tasks = {span.context.span_id for span in spans(example) if span.name != "GET"}
    assert {span.parent.span_id for span in spans(example) if span.name == "GET"} == tasks
