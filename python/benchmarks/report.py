"""Run every benchmark and write docs/benchmarks.md, with the target of each figure.

Within a benchmark the candidates take turns, so its ratios hold on a busy machine. Figures in
seconds depend on the machine.
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
#: Lines of cargo about tests, and of checks without a finding.
NOISE = re.compile(r"(running |test |i+$|.*, no problems$)")
PEERS = ["pydantic", "msgspec", "requests"]
CRATES = ["ureq", "serde_json"]


def output(*command: str) -> str:
    """Return the output of a command."""
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout


def machine() -> str:
    """Describe the machine and the versions."""
    info = Path("/proc/cpuinfo")
    models = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in models if "model name" in line), "")
    peers = ", ".join(f"{peer} {importlib.metadata.version(peer)}" for peer in PEERS)
    lock = (ROOT / "Cargo.lock").read_text()
    locked = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', lock))
    crates = ", ".join(f"{crate} {locked[crate]}" for crate in CRATES)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), load {load:.1f} at the start; "
        f"{output('rustc', '-V').strip()}, Python {platform.python_version()}; {peers}, {crates}"
    )


def run(benchmark: str) -> tuple[str, int]:
    """Return the output of a benchmark and its exit code."""
    print(f"{benchmark} ...", flush=True)
    start = time.monotonic()
    ran = subprocess.run(
        ["make", "--no-print-directory", "--silent", benchmark],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=False,
    )
    print(ran.stdout, flush=True)
    print(f"{benchmark}: {time.monotonic() - start:.0f} s", flush=True)
    lines = [line for line in ran.stdout.splitlines() if not NOISE.match(line)]
    return "\n".join(lines).strip(), ran.returncode


def main() -> None:
    """Run all benchmarks and write the page."""
    description = machine()
    results = {benchmark: run(benchmark) for benchmark in targets.TARGETS}
    rows, missed = targets.table({name: printed for name, (printed, _) in results.items()})
    today = dt.datetime.now(tz=dt.timezone.utc).date()
    commit = output("git", "rev-parse", "--short", "HEAD").strip()
    page = [
        "# Benchmarks",
        "",
        "The output of `make bench`. Candidates take turns within a run, so that ratios are more",
        "reliable than times. Both depend on the load of the machine.",
        "",
        f"{today}, commit {commit}: {description}",
        "",
        "## Targets",
        "",
        *rows,
    ]
    for name, (printed, code) in results.items():
        page += ["", f"## `make {name}`", "", "```text", *printed.splitlines(), "```"]
        if code:
            missed.append(name)
            page += ["", f"It failed with exit code {code}."]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(page) + "\n")
    if missed:
        sys.exit(f"not reached: {', '.join(missed)}")


if __name__ == "__main__":
    main()
