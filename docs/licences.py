"""Write docs/licences.md: every crate of the wheel and the command, with its licence.

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

All crates of the wheel, which also contains the command, on all platforms, including crates that
run at build time only. `make licences` writes this page, a test compares it with the build, and
`make deny` rejects a licence that is not listed in [deny.toml](../deny.toml). The wheel contains
this list as an SBOM. [architecture.md](architecture.md#dependencies) gives the reason for each
direct dependency.

| crate | version | licence |
|---|---|---|
"""


def rows(*options: str) -> list[str]:
    """Return a row for each crate that is not ours."""
    command = [*COMMAND, *SHOWN, *options]
    tree = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # Name and version, optional remarks, the licence, and an optional mark.
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
