"""Change the contacts of many orders through the workers of tasks.py.

    python apply.py contacts.csv --journal run.jsonl --report report.html

The journal and the report are of this process alone. If it was interrupted or killed, resume the
run by the same command without the file.
"""

import argparse
import subprocess
import sys

from celery import exceptions
from tasks import change, limits

from digicert_contacts import Client

# A task without a result after this time in seconds is dropped, and the order is delivered again: a
# worker was killed, or Redis lost the task. More than one delivery is safe.
DELIVER_AGAIN = 300
DELIVERIES = 3


def send(order: str) -> str:
    """Have a worker change an order, and wait for the result."""
    for _ in range(DELIVERIES):
        result = change.apply_async((order,), expires=DELIVER_AGAIN)
        try:
            return result.get(timeout=DELIVER_AGAIN)
        except (exceptions.TimeoutError, exceptions.TaskRevokedError):
            continue
        finally:
            result.forget()  # it can contain contacts
    message = "no worker answers; start one, and resume the run"
    raise RuntimeError(message)


def main() -> int:
    """Plan, enqueue, wait, and write the report."""
    parser = argparse.ArgumentParser(description="Change the contacts of many orders.")
    parser.add_argument("file", nargs="?", help="the contacts; without it, a run is resumed")
    parser.add_argument("--journal", required=True)
    parser.add_argument("--report", required=True, help="the HTML page to write")
    parser.add_argument("--tasks", type=int, default=8, help="the most tasks at the same time")
    args = parser.parse_args()

    with Client.from_env(rate_limits=limits) as client:
        if args.file is None:
            report = client.resume(args.journal, send=send, concurrency=args.tasks)
        else:
            plan = client.plan(args.file)
            print(plan)
            report = plan.apply(journal=args.journal, send=send, concurrency=args.tasks)
    print(report)
    if report.stopped is not None:
        print(f"stopped: {report.stopped.message}")
    page = [sys.executable, "-m", "digicert_contacts", "report", args.journal, "-o", args.report]
    subprocess.run(page, check=True)
    return 0 if report.all_done else 1


if __name__ == "__main__":
    sys.exit(main())
