"""Interrupted runs: by Ctrl-C, and by the end of their process."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digicert_contacts import Client
from digicert_contacts.testing import Sandbox

ORDERS = range(100000001, 100000015)
RUN = """
import sys, time
import digicert_contacts
from digicert_contacts import Client

base_url, api_key, journal, requests = sys.argv[1:]
limits = [(int(requests), 60)] if int(requests) else []
jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
rows = [{"order_id": id, "technical_contact": jane} for id in range(100000001, 100000015)]
client = Client(api_key, base_url=base_url, rate_limits=limits)
plan = client.plan(rows)
try:
    plan.apply(journal=journal, progress=lambda step: print(step.done, flush=True))
except KeyboardInterrupt:
    print(time.time())
"""


def start_run(sandbox: Sandbox, journal: Path, requests: int) -> "subprocess.Popen[str]":
    arguments = [sandbox.base_url, sandbox.api_key, str(journal), str(requests)]
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


def changed(sandbox: Sandbox) -> list[int]:
    def first_name(order: int) -> object:
        found = sandbox.order(order)
        return found and found.get("technical_contact", {}).get("first_name")

    return [order for order in ORDERS if first_name(order) == "Jane"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child alone")
def test_ctrl_c_stops_a_run_at_once_and_resume_finishes_it(
    sandbox: Sandbox, client: Client, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    # Enough for the plan and two orders; the third then waits for the rate limit.
    with start_run(sandbox, journal, len(ORDERS) + 4) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["1\n", "2\n"]
        time.sleep(0.3)
        start = time.time()
        process.send_signal(signal.SIGINT)
        ended, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    last = ended.split()[-1]
    assert float(last) - start < 0.3, "0.1 s, plus time for a busy machine"
    assert len(changed(sandbox)) == 2
    assert client.resume(journal).all_done
    assert changed(sandbox) == list(ORDERS)


@pytest.mark.parametrize("done", [1, 5, 9])
def test_resume_finishes_the_run_of_a_killed_process(
    sandbox: Sandbox, client: Client, tmp_path: Path, done: int
) -> None:
    journal = tmp_path / "run.jsonl"
    with start_run(sandbox, journal, 0) as process:
        assert process.stdout is not None
        for _ in range(done):
            process.stdout.readline()
        process.kill()
    assert process.returncode != 0
    before = changed(sandbox)
    assert done <= len(before) < len(ORDERS), "it was killed on its way"
    report = client.resume(journal)
    assert report.all_done
    assert changed(sandbox) == list(ORDERS)
    puts = [path.split("/")[-2] for method, path, _ in sandbox.requests() if method == "PUT"]
    twice = {order for order in puts if puts.count(order) > 1}
    assert len(twice) <= 1, "only what was under way may be sent again"
