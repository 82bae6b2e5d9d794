"""What an import costs over a bare interpreter: median of alternating starts."""

import statistics
import subprocess
import sys
import time

ROUNDS = 41
PROGRAMS = {
    "bare": "pass",
    "import digicert_contacts": "import digicert_contacts",
    "from it import RequestError": "from digicert_contacts import RequestError",
    "from it import AsyncClient": "from digicert_contacts import AsyncClient",
    "import requests": "import requests",
}


def start(program: str) -> float:
    """Milliseconds from start to end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    """Print the medians over the bare one."""
    turns: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            turns[name].append(start(program))
    bare = statistics.median(turns["bare"])
    print(f"milliseconds over a bare interpreter, which takes {bare:.1f}")
    for name, times in turns.items():
        if name != "bare":
            print(f"  {name:28} {statistics.median(times) - bare:6.1f}")


if __name__ == "__main__":
    main()
