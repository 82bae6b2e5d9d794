"""Run every kind of call under valgrind's memcheck and evaluate its errors: ``make leaks``.

What counts is memory that is definitely lost and was allocated on the way through the extension
module, use of memory without a value there, and any access that is invalid. What Python itself
never frees is none of ours. An object of Python's own whose reference the extension forgets is not
seen here, since Python allocated it: that is for ``test_growth.py``.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).parent
MODULE = "_core.abi3.so"
ROUNDS = 3
VALGRIND = (
    "valgrind",
    "--tool=memcheck",
    "--leak-check=full",
    "--show-leak-kinds=definite",
    "--errors-for-leak-kinds=definite",
    "--num-callers=40",
    "--xml=yes",
)


def run(rounds: int) -> list[ET.Element]:
    """Run the calls and return the errors that valgrind reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        calls = [sys.executable, str(HERE / "calls.py"), str(rounds)]
        # Python's own allocator would hide single objects from valgrind.
        environment = {**os.environ, "PYTHONMALLOC": "malloc"}
        command = [*VALGRIND, f"--xml-file={report}", *calls]
        subprocess.run(command, env=environment, check=True)
        return ET.parse(report).getroot().findall("error")


def frames(error: ET.Element) -> Iterator[tuple[str, str]]:
    """Return object and function of each frame, the innermost first."""
    for frame in error.iterfind("stack[1]/frame"):
        yield frame.findtext("obj", "?"), frame.findtext("fn", "?")


def counts(error: ET.Element) -> bool:
    """Return whether our code causes the error."""
    kind = error.findtext("kind", "?")
    objects = [Path(obj).name for obj, _ in frames(error)]
    if kind.startswith("Invalid") or kind in {"MismatchedFree", "Overlap"}:
        # The loader reads the names of libraries a word at a time, beyond their ends.
        return not objects or not objects[0].startswith("ld-linux")
    way = [name == MODULE for name in objects]
    return any(way) if kind.startswith("Leak") else way[:1] == [True]


def show(error: ET.Element) -> str:
    """Describe an error with its frames."""
    what = error.findtext("what") or error.findtext("xwhat/text") or "?"
    lines = [f"{error.findtext('kind')}: {what}"]
    lines += [f"    {function}  ({Path(obj).name})" for obj, function in frames(error)]
    return "\n".join(lines)


def main() -> int:
    """Run the calls and print the errors."""
    errors = run(ROUNDS)
    ours = [error for error in errors if counts(error)]
    for error in ours:
        print(show(error), end="\n\n")
    kinds = Counter(error.findtext("kind", "?") for error in errors)
    print(f"{ROUNDS} rounds; found by valgrind: {dict(kinds)}; of these ours: {len(ours)}")
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
