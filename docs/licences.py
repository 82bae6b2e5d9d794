"""Makes docs/licences.md: every crate of the wheel and the command, with its licence.

`make licences` runs it.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
COMMAND = ["cargo", "tree", "--locked", "--package", "contacts-py", "--edges", "normal"]
SHOWN = ["--prefix", "none", "--format", "{p}|{l}"]
HEAD = """# Licences of all dependencies

Every crate of the wheel, which holds the command too, on any platform; also those that only write
code while it is built. `make licences` makes this page, a test compares it with what is built, and
`make deny` refuses a licence that is not on the list in [deny.toml](../deny.toml). The wheel itself
carries this list as an SBOM. Why each crate that we name ourselves is there is told in
[architecture.md](architecture.md#dependencies).

| crate | version | licence |
|---|---|---|
"""


def rows(*options: str) -> list[str]:
    """Give a row for each crate that is not ours."""
    command = [*COMMAND, *SHOWN, *options]
    tree = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # A name and a version, perhaps with remarks, and a licence, perhaps with a mark behind it.
    crates = re.findall(r"^(\S+) v(\S+)[^|\n]*\|(.*?)(?: \(\*\))?$", tree, re.MULTILINE)
    ours = {path.name for path in (ROOT / "crates").iterdir()}
    return sorted(
        {
            f"| {name} | {version} | {licence.strip()} |"
            for name, version, licence in crates
            if name not in ours
        }
    )


if __name__ == "__main__":
    PAGE.write_text(HEAD + "\n".join(rows("--target", "all")) + "\n", encoding="utf-8")
