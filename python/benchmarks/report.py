"""Runs every benchmark and writes docs/benchmarks.md, with what is to be reached beside it.

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

import targets

ROOT = Path(__file__).parent.parent.parent
#: What cargo says of tests, which a benchmark has none of, and empty checks.
NOISE = re.compile(r"(running |test |i+$|.*, nothing wrong$)")
PEERS = ["pydantic", "msgspec", "requests"]
CRATES = ["ureq", "serde_json"]


def said(*command: str) -> str:
    """Give what a command prints."""
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout


def machine() -> str:
    """Say where and with what this was measured."""
    info = Path("/proc/cpuinfo")
    models = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in models if "model name" in line), "")
    peers = ", ".join(f"{peer} {importlib.metadata.version(peer)}" for peer in PEERS)
    lock = (ROOT / "Cargo.lock").read_text()
    locked = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', lock))
    crates = ", ".join(f"{crate} {locked[crate]}" for crate in CRATES)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), load {load:.1f} at the beginning; "
        f"{said('rustc', '-V').strip()}, Python {platform.python_version()}; {peers}, {crates}"
    )


def run(benchmark: str) -> tuple[str, int]:
    """Give what a benchmark prints, and its exit code."""
    print(f"{benchmark} ...", flush=True)
    begin = time.monotonic()
    ran = subprocess.run(
        ["make", "--no-print-directory", "--silent", benchmark],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=False,
    )
    print(ran.stdout, flush=True)
    print(f"{benchmark}: {time.monotonic() - begin:.0f} s", flush=True)
    lines = [line for line in ran.stdout.splitlines() if not NOISE.match(line)]
    return "\n".join(lines).strip(), ran.returncode


def main() -> None:
    """Run them all."""
    about = machine()
    results = {benchmark: run(benchmark) for benchmark in targets.TARGETS}
    rows, missed = targets.table({name: printed for name, (printed, _) in results.items()})
    today = dt.datetime.now(tz=dt.timezone.utc).date()
    commit = said("git", "rev-parse", "--short", "HEAD").strip()
    page = [
        "# Benchmarks",
        "",
        "What `make bench` printed. Candidates take turns within a run, so that ratios hold where",
        "times don't; both depend on what else the machine does.",
        "",
        f"{today}, commit {commit}: {about}",
        "",
        "## Targets",
        "",
        *rows,
    ]
    for name, (printed, code) in results.items():
        page += ["", f"## `make {name}`", "", "```text", *printed.splitlines(), "```"]
        if code:
            missed.append(name)
            page += ["", f"It ended with exit code {code}."]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(page) + "\n")
    if missed:
        sys.exit(f"not reached: {', '.join(missed)}")


if __name__ == "__main__":
    main()
