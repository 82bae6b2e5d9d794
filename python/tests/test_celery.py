"""The example for Celery: 200 updates, a real broker, two workers, one rate limit.

Only with ``make test-celery``: it needs redis-server, Celery and half a minute.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digicert_contacts import Contact, ContactsUpdate
from digicert_contacts.testing import Sandbox

EXAMPLE = Path(__file__).parents[2] / "examples/celery"
UPDATES = 200

pytestmark = pytest.mark.skipif(
    "DIGICERT_CONTACTS_CELERY" not in os.environ, reason="only with make test-celery"
)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    assert server is not None, "install redis-server"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(  # noqa: S603
        [*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


def test_two_workers_share_one_limit(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(orders=UPDATES) as sandbox:
        monkeypatch.setenv("BROKER_URL", broker)
        monkeypatch.setenv("RATE_LIMIT_FILE", str(tmp_path / "limit"))
        monkeypatch.setenv("DIGICERT_API_KEY", sandbox.api_key)
        monkeypatch.setenv("DIGICERT_BASE_URL", sandbox.base_url)
        monkeypatch.syspath_prepend(EXAMPLE)
        logs = [tmp_path / f"worker{n}.log" for n in range(2)]
        workers = [start_worker(n, log) for n, log in enumerate(logs)]
        try:
            change_all(sandbox)
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(timeout=30)
        statuses = [status for _, _, status in sandbox.requests()]
    assert statuses == [204] * UPDATES, "and not one 429"
    done = [log.read_text(encoding="utf-8").count("succeeded in") for log in logs]
    assert sum(done) == UPDATES
    assert min(done) > 0, "both worked"


def start_worker(number: int, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "celery", "--app", "tasks", "worker", "--concurrency", "1"]
    options = ["--hostname", f"worker{number}@%h", "--loglevel", "INFO", "--logfile", str(log)]
    return subprocess.Popen([*command, *options], cwd=EXAMPLE)  # noqa: S603


def change_all(sandbox: Sandbox) -> None:
    import tasks  # type: ignore[import-not-found] # noqa: PLC0415 - it reads the environment

    jane = Contact("Jane", "Doe", "jane.doe@example.com")
    update = ContactsUpdate(technical=jane).to_dict()
    first = 100000001
    results = [tasks.update_contacts.delay(first + n, update) for n in range(UPDATES)]
    changed = [result.get(timeout=120) for result in results]
    assert changed == [first + n for n in range(UPDATES)]
    order = sandbox.order(first + UPDATES - 1)
    assert order is not None
    assert order["technical_contact"]["first_name"] == "Jane"
