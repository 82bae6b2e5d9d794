"""The time to parse and validate an update, compared with pydantic and msgspec in one run.

Candidates take turns; each figure is the median of its turns, with the spread that half of them
are within.
"""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable

import candidates
import data
from figures import middle

from digicert_contacts import ContactsUpdate

COUNT = 2000
ROUNDS = 31

Candidates = dict[str, Callable[[object], object]]
FROM_DICT: Candidates = {
    "ours": ContactsUpdate.from_dict,
    "pydantic": candidates.pydantic_dict,
    "msgspec": candidates.msgspec_dict,
}
FROM_JSON: Candidates = {
    "ours": ContactsUpdate.from_json,
    "pydantic": candidates.pydantic_json,
    "msgspec": candidates.msgspec_json,
}


def turn(read: Callable[[object], object], inputs: list[object]) -> float:
    """Return the CPU microseconds for each input."""
    start = time.thread_time_ns()
    for given in inputs:
        # msgspec's own error and those of the others are all of this.
        try:
            read(given)
        except ValueError:  # noqa: PERF203 - as one would write it
            continue
    return (time.thread_time_ns() - start) / 1000 / len(inputs)


def compare(title: str, readers: Candidates, inputs: list[object]) -> None:
    """Print the medians and the ratios of the other candidates."""
    turns: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            turns[name].append(turn(read, inputs))
    figures = {name: middle(times) for name, times in turns.items()}
    ours, _ = figures["ours"]
    print(title)
    for name, (median, spread) in figures.items():
        print(f"  {name:10} {median:6.2f} us ±{spread:2.0f} %  {median / ours:5.2f} x")


def wrong() -> None:
    """Print the ratio between an invalid and a valid update with this package."""
    right, spoiled = data.right(COUNT), data.right(COUNT)
    pick = random.Random(3)
    for update in spoiled:
        data.spoil(pick, update["contacts"][1])
    print("a wrong update, beside a right one")
    for name, read, write in (
        ("dict", ContactsUpdate.from_dict, lambda update: update),
        ("JSON bytes", ContactsUpdate.from_json, lambda update: json.dumps(update).encode()),
    ):
        good, bad = list(map(write, right)), list(map(write, spoiled))
        turns = [(turn(read, good), turn(read, bad)) for _ in range(ROUNDS)]
        ratio, spread = middle([b / g for g, b in turns])
        print(f"  {name:10} {ratio:6.2f} x  ±{spread:2.0f} %")


def held(read: Callable[[object], object], inputs: list[object]) -> float:
    """Return the bytes of resident memory for each object."""
    gc.collect()
    before = resident()
    objects = [read(given) for given in inputs]
    bytes_held = (resident() - before) / len(objects)
    del objects
    return bytes_held


def resident() -> int:
    """Return the resident bytes of this process."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096


def main() -> None:
    """Print all."""
    for name, inputs in (("right", data.right(COUNT)), ("3 of 10 wrong", data.mixed(COUNT))):
        texts = [json.dumps(update, ensure_ascii=False).encode() for update in inputs]
        compare(f"dict to object, {name}", FROM_DICT, list(inputs))
        compare(f"JSON bytes to object, {name}", FROM_JSON, list(texts))
    wrong()
    print("bytes held for each object", flush=True)
    # Each in a new process, since freed memory would be reused by the next.
    for name in FROM_JSON:
        subprocess.run([sys.executable, __file__, name], check=True)


def print_held(name: str) -> None:
    """Print the memory of an object of one candidate."""
    texts = [json.dumps(update).encode() for update in data.right(100_000)]
    print(f"  {name:10} {held(FROM_JSON[name], list(texts)):6.0f}")


if __name__ == "__main__":
    if sys.argv[1:]:
        print_held(sys.argv[1])
    else:
        main()
