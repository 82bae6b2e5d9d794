"""The time of an import over a bare interpreter, and of the command's start, in alternation.

Usage: start.py PROGRAM
"""

import subprocess
import sys
import time

from figures import middle

ROUNDS = 41
PROGRAMS = {
    "bare": "pass",
    "import digicert_contacts": "import digicert_contacts",
    "from it import RequestError": "from digicert_contacts import RequestError",
    "from it import AsyncClient": "from digicert_contacts import AsyncClient",
    "import requests": "import requests",
}


def start(*command: str) -> float:
    """Return the milliseconds from start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print the medians, those of imports over the bare interpreter."""
    commands = {name: [sys.executable, "-I", "-c", run] for name, run in PROGRAMS.items()}
    commands["digicert-contacts --version"] = [sys.argv[1], "--version"]
    turns: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            turns[name].append(start(*command))
    figures = {name: middle(times) for name, times in turns.items()}
    bare, spread = figures.pop("bare")
    median, version_spread = figures.pop("digicert-contacts --version")
    print(f"digicert-contacts --version: {median:.1f} ms ±{version_spread:.0f} %")
    print(f"milliseconds over a bare interpreter, which takes {bare:.1f} ±{spread:.0f} %")
    for name, (median, _) in figures.items():
        print(f"  {name:28} {median - bare:6.1f}")


if __name__ == "__main__":
    main()
