"""The example for Celery: workers and one process with a journal, through a real Redis."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digicert_contacts import Client
from digicert_contacts.testing import Sandbox

pytest.importorskip("celery", reason="make test-free-threaded does not install it")

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/celery"
# As in fast_tasks.py, which the processes use in place of tasks.py.
WINDOWS = [(40, 0.5)]
FIRST = 100000001


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server, and wait until it is older than the window."""
    program = shutil.which("redis-server")
    if program is None:
        assert os.environ.get("CONTACTS_TOOLS") != "required", "make tools installs redis-server"
        pytest.skip("redis-server is not installed")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    folder = tmp_path_factory.mktemp("redis")
    with subprocess.Popen(  # noqa: S603
        [program, *options, "--dir", str(folder)], stdout=subprocess.DEVNULL
    ) as server:
        time.sleep(2.1)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


class Deployment:
    """Workers, a sandbox, and runs of apply.py."""

    def __init__(self, redis: str, folder: Path, sandbox: Sandbox) -> None:
        """Start no worker yet."""
        self.sandbox = sandbox
        self.folder = folder
        self.journal = folder / "run.jsonl"
        self.workers: list[subprocess.Popen[bytes]] = []
        paths = [str(EXAMPLE), str(ROOT / "python/tests/support")]
        self.environment = os.environ | {
            "BROKER_URL": redis,
            "DIGICERT_RATE_LIMIT_URL": redis,
            "DIGICERT_API_KEY": sandbox.api_key,
            "DIGICERT_BASE_URL": sandbox.base_url,
            "PYTHONPATH": os.pathsep.join(paths),
        }

    def start_worker(self) -> None:
        """Start a worker in its own process group."""
        name = f"worker{len(self.workers)}"
        command = [sys.executable, "-m", "celery", "--app", "fast_tasks", "worker"]
        command += ["--concurrency", "2", "--hostname", f"{name}@%h", "--loglevel", "INFO"]
        command += ["--logfile", str(self.log(len(self.workers)))]
        worker = subprocess.Popen(  # noqa: S603
            command, cwd=self.folder, env=self.environment, start_new_session=True
        )
        self.workers.append(worker)

    def kill_worker(self, number: int) -> None:
        """Kill a worker with its processes, as a host that loses its power."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    def kill_process(self, number: int) -> None:
        """Kill one of the processes in which a worker runs tasks."""
        pid = self.workers[number].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        os.kill(int(children.split()[-1]), signal.SIGKILL)

    def log(self, number: int) -> Path:
        """Return the log of a worker."""
        return self.folder / f"worker{number}.log"

    @contextlib.contextmanager
    def apply(self, *arguments: object) -> "Iterator[subprocess.Popen[str]]":
        """Run apply.py, until the end of the block at the latest."""
        options = ["--journal", self.journal, "--report", self.folder / "report.html"]
        command = [sys.executable, "-m", "fast_tasks", *map(str, [*arguments, *options])]
        with subprocess.Popen(  # noqa: S603
            command, cwd=EXAMPLE, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def changed(self) -> Counter[int]:
        """Return how often each order was changed."""
        return Counter(int(change["order_id"]) for change in self.sandbox.changes())

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for at most half a minute."""
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "nothing happens"
            time.sleep(0.02)

    def check_limit(self) -> None:
        """Check that no request got a 429."""
        assert 429 not in {status for *_, status in self.sandbox.requests()}


@pytest.fixture
def orders() -> int:
    return 200


@pytest.fixture
def deployment(redis: str, tmp_path: Path, orders: int) -> Iterator[Deployment]:
    with Sandbox(orders=orders, rate_limits=WINDOWS) as sandbox:
        deployment = Deployment(redis, tmp_path, sandbox)
        for _ in range(2):
            deployment.start_worker()
        yield deployment
        for worker in deployment.workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def write_contacts(file: Path, orders: int) -> None:
    jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    rows = [{"order_id": FIRST + n, "technical_contact": jane} for n in range(orders)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_killed_worker_loses_nothing_and_no_order_is_changed_twice(
    deployment: Deployment, orders: int, tmp_path: Path
) -> None:
    write_contacts(tmp_path / "contacts.jsonl", orders)
    with deployment.apply(tmp_path / "contacts.jsonl") as process:
        deployment.wait_until(lambda: len(deployment.changed()) > orders // 5)
        deployment.kill_process(1)
        deployment.wait_until(lambda: len(deployment.changed()) > orders // 3)
        deployment.kill_worker(0)
        deployment.start_worker()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert f"<Report: {orders} orders: {orders} changed, {orders} verified>" in output
    assert deployment.changed() == {FIRST + n: 1 for n in range(orders)}
    deployment.check_limit()
    logs = [deployment.log(number).read_text(encoding="utf-8") for number in range(3)]
    assert all("succeeded in" in log for log in logs)
    assert any("retry: Retry in" in log for log in logs), "the queue waited for the limit"
    assert "Jane Doe" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("orders", [80])
def test_a_killed_run_is_resumed_from_its_journal(
    deployment: Deployment, orders: int, tmp_path: Path
) -> None:
    write_contacts(tmp_path / "contacts.jsonl", orders)
    with deployment.apply(tmp_path / "contacts.jsonl") as process:
        deployment.wait_until(lambda: len(deployment.changed()) > orders // 3)
    with deployment.apply() as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert f"{orders} changed, {orders} verified" in output
    assert deployment.changed() == {FIRST + n: 1 for n in range(orders)}
    deployment.check_limit()
    sandbox = deployment.sandbox
    # This client does not share the limit.
    time.sleep(WINDOWS[0][1])
    with Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=WINDOWS) as client:
        plan = client.undo(deployment.journal)
        not_restorable = {order.order_id for order in plan.not_restorable}
        undone = plan.apply(journal=None, verify=False).summary.changed
    assert undone == orders - len(not_restorable)
    assert len(not_restorable) < orders // 5
