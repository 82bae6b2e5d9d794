"""Runs every benchmark and writes docs/benchmarks.md, with what each has to reach.

Within a benchmark the candidates take turns, so that its ratios hold on a machine that does other
things as well; figures in seconds are of this machine.
"""

import datetime as dt
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: Target of make, and what its figures have to reach.
BENCHMARKS = [
    (
        "bench-core",
        "one update in Rust: 1.3 us, 14,000 instructions; a bad one 3 times as long",
    ),
    (
        "bench-http",
        "PUTs from Rust: at least 95 % of bare ureq, at most 3 us of CPU more a request",
    ),
    (
        "bench-sandbox",
        "the sandbox: 20,000 PUTs/s on one core; 50,000 orders made in 2 s and 300 MB",
    ),
    ("bench-check", "`check` of 1,000,000 rows: 1.2 s, 300 MB, 10 times csv with pydantic"),
    ("bench-bulk", "`resume` over 1,000,000 lines: 2 s; a run over 50,000 orders: 150 MB"),
    (
        "bench-py",
        """dict to object 1.5 us, 3 times pydantic and 2 times msgspec; JSON 1.7 us, 3.7 times
pydantic; a wrong one 3 times a right one; 600 bytes an object; PUTs 90 % of bare ureq and 15 times
requests, with 16 MB; import 5 ms""",
    ),
]
#: What cargo says of tests, which a benchmark has none of, and empty checks.
NOISE = re.compile(r"(running |test |i+$|.*, nothing wrong$)")
PEERS = ["pydantic", "msgspec", "requests"]


def said(*command: str) -> str:
    """Give what a command prints."""
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout


def machine() -> str:
    """Say where and with what this was measured."""
    info = Path("/proc/cpuinfo")
    models = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in models if "model name" in line), "")
    peers = ", ".join(f"{peer} {importlib.metadata.version(peer)}" for peer in PEERS)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), load {load:.1f} at the beginning; "
        f"{said('rustc', '-V').strip()}, Python {platform.python_version()}; {peers}"
    )


def main() -> None:
    """Run them all."""
    today = dt.datetime.now(tz=dt.timezone.utc).date()
    commit = said("git", "rev-parse", "--short", "HEAD").strip()
    page = [
        "# Benchmarks",
        "",
        "What `make bench` printed. Candidates take turns within a run, so that ratios hold where",
        "times don't; both depend on what else the machine does.",
        "",
        f"{today}, commit {commit}: {machine()}",
    ]
    failed = []
    for target, wanted in BENCHMARKS:
        print(f"{target} ...", flush=True)
        begin = time.monotonic()
        ran = subprocess.run(
            ["make", "--no-print-directory", "--silent", target],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
        took = time.monotonic() - begin
        print(ran.stdout, flush=True)
        lines = [line for line in ran.stdout.splitlines() if not NOISE.match(line)]
        lines = "\n".join(lines).strip().splitlines()
        page += [
            "",
            f"## `make {target}`",
            "",
            f"To reach: {wanted}.",
            "",
            "```text",
            *lines,
            "```",
        ]
        if ran.returncode:
            failed.append(target)
            page += ["", f"It ended with exit code {ran.returncode}: a target was not reached."]
        print(f"{target}: {took:.0f} s", flush=True)
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(page) + "\n")
    if failed:
        sys.exit(f"not reached: {', '.join(failed)}")


if __name__ == "__main__":
    main()
