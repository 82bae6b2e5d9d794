"""Repeat every kind of call; ``memcheck.py`` runs this."""

import gc
import sys
import time
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

import every_call  # noqa: E402

rounds = int(sys.argv[1])
for name, call in every_call.CALLS.items():
    start = time.monotonic()
    with every_call.World.new() as world, every_call.all_events_handled():
        for _ in range(rounds):
            call(world)
    gc.collect()
    print(f"{name}: {rounds} times, {time.monotonic() - start:.1f} s", flush=True)
