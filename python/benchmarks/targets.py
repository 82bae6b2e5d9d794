"""The targets, and how each figure is found in the output of the benchmarks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A figure with its upper or lower limit."""

    what: str
    #: `<=` or `>=`, a number, and its unit.
    bound: str
    #: Finds the figure; where it finds two, it is how much the first is over the second.
    pattern: str
    #: What a profile says, where it was not reached.
    why: str = ""

    def find(self, printed: str) -> float | None:
        """Find the figure, if it was printed."""
        found = re.search(self.pattern, printed, re.MULTILINE | re.DOTALL)
        if not found:
            return None
        first, *second = map(float, found.groups())
        return first - sum(second)

    def reached(self, figure: float) -> bool:
        """Return whether the figure reaches the target."""
        sign, limit, *_ = self.bound.replace(",", "").split()
        return figure >= float(limit) if sign == ">=" else figure <= float(limit)


def _below(title: str, pattern: str) -> str:
    """Return a pattern that follows a title."""
    return rf"^{re.escape(title)}\n.*?{pattern}"


def _peer(title: str, peer: str) -> str:
    """Return a pattern for the ratio to another candidate."""
    return _below(title, rf"{peer} [^\n]*?([\d.]+) x")


DICT, JSON = "dict to object, right", "JSON bytes to object, right"
WRONG = "a wrong update, beside a right one"

PARSER = """of the 11,800 instructions that callgrind counts in this call, 43 % are lines of
serde_json; what is left checks twelve texts and makes an object. Reading the same text into plain
structs with serde_json alone, unchecked, takes as long as all of it (`parse alone` of
`bench-core`), so that only another parser would help."""
WIRE = """bare ureq, without Python and without checks, is slower than ours and further from the
target (`bare ureq over requests`): what is left of a request is the kernel's. Where the target
comes from, bare ureq sent 18.7 times what requests did."""

#: By the target of make that prints the figures.
TARGETS = {
    "bench-core": [
        Target("an update from JSON, in Rust", "<= 1.3 us", r"^contacts-core +([\d.]+) us"),
        Target("the same", "<= 14,000 instructions", r"^contacts-core +(\d+) instr"),
        Target("a wrong one beside a right one", "<= 3 times", r"invalid.* ([\d.]+) x valid"),
    ],
    "bench-http": [
        Target("PUTs, beside bare ureq", ">= 0.95 times", r"over bare ureq: ([\d.]+)"),
        Target("CPU of a PUT, over bare ureq", "<= 3 us", r"([\d.]+) us CPU.*?([\d.]+) us CPU"),
    ],
    "bench-limits": [
        *(
            Target(
                f"{requests:,} requests, over the fastest schedule",
                "<= 2 %",
                rf"^{requests} requests: .*?([\d.]+) %",
            )
            for requests in (1_000, 10_000, 50_000)
        ),
        Target("429s, with delays of 0 to 2 s", "<= 0", r"16 workers: .*?(\d+) got a 429"),
    ],
    "bench-sandbox": [
        Target("PUTs answered, on one core", ">= 20,000 a second", r"connections: (\d+)"),
        Target("an account of 50,000 orders", "<= 2 s", r"orders: ([\d.]+) s"),
        Target("its memory", "<= 300 MB", r"with the account: (\d+) MB"),
    ],
    "bench-check": [
        Target("`check` of 1,000,000 rows", "<= 1.2 s", r"^check +([\d.]+) s"),
        Target("the same", ">= 830,000 rows a second", r"(\d+) rows/s"),
        Target("its memory", "<= 300 MB", r"^check .*?(\d+) MB"),
        Target("csv with pydantic, beside it", ">= 10 times", r"^ratio +([\d.]+)"),
    ],
    "bench-bulk": [
        Target("`resume` over 1,000,000 lines", "<= 2 s", r"^on the CPU +([\d.]+) s"),
        Target("memory of a run over 50,000 orders", "<= 150 MB", r"^at most (\d+) MB"),
    ],
    "bench-py": [
        Target("an update from a dict", "<= 1.5 us", _below(DICT, r"ours +([\d.]+) us")),
        Target("pydantic, beside it", ">= 3 times", _peer(DICT, "pydantic")),
        Target("msgspec, beside it", ">= 2 times", _peer(DICT, "msgspec")),
        Target("an update from JSON", "<= 1.7 us", _below(JSON, r"ours +([\d.]+) us")),
        Target("pydantic, beside it", ">= 3.7 times", _peer(JSON, "pydantic"), why=PARSER),
        Target("a wrong dict beside a right one", "<= 3 times", _below(WRONG, r"dict +([\d.]+)")),
        Target("the same for JSON", "<= 3 times", _below(WRONG, r"JSON bytes +([\d.]+)")),
        Target("an object that is held", "<= 600 bytes", r"^bytes held.*?ours +(\d+)"),
        Target("PUTs, beside bare ureq", ">= 0.9 times", r"over bare ureq +([\d.]+)"),
        Target("PUTs, beside requests", ">= 15 times", r"ours over requests +([\d.]+)", why=WIRE),
        Target("CPU of a PUT", "<= 35 us", r"^ +ours [^\n]*?([\d.]+) us CPU"),
        Target("memory of a Python that sends", "<= 16 MB", r"most memory .*?: ([\d.]+) MB"),
    ],
    "bench-start": [
        Target("the import, over a bare Python", "<= 5 ms", r"import digicert_contacts +([\d.]+)"),
        Target("`digicert-contacts --version`", "<= 10 ms", r"--version: ([\d.]+) ms"),
    ],
}


def table(printed: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the table of all targets with reasons for missed ones, and those without reason."""
    rows = ["| by | what | target | measured | |", "|---|---|---|---|---|"]
    reasons, unexplained = [], []
    for benchmark, targets in TARGETS.items():
        for target in targets:
            figure = target.find(printed[benchmark])
            reached = figure is not None and target.reached(figure)
            shown = "not found" if figure is None else f"{figure:,.3f}".rstrip("0").rstrip(".")
            verdict = "reached" if reached else "missed"
            rows.append(f"| `{benchmark}` | {target.what} | {target.bound} | {shown} | {verdict} |")
            if not reached:
                name = f"{benchmark}: {target.what}, {target.bound}"
                reasons += ["", f"{name}: {target.why}"] if target.why else []
                unexplained += [] if target.why and figure is not None else [name]
    return rows + reasons, unexplained
