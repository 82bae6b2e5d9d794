"""Makes docs/session.svg: a terminal session, drawn from a real run of the installed command.

Each command of the session runs in a terminal of its own, as a person would see it, against a
sandbox of its own. `make session` runs it.
"""

from __future__ import annotations

import io
import os
import pty
import select
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from digicert_contacts.testing import Sandbox

ROOT = Path(__file__).parent.parent
COLUMNS = 100
#: So much of the example that the picture stays small.
LINES = 5
#: Seconds for one command.
LONGEST = 20
#: What is typed, and what is answered where a command asks.
SESSION = [
    ("digicert-contacts check contacts.csv", None),
    ("digicert-contacts apply contacts.csv", "yes"),
    ("digicert-contacts get 100000001", None),
]
#: No font and no other file from elsewhere.
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def run(command: str, answer: str | None, folder: str, environment: dict[str, str]) -> str:
    """Give what a person sees of a command, the answer to its question included."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        shlex.split(command),
        cwd=folder,
        env=environment,
        stdin=there,
        stdout=there,
        stderr=there,
        close_fds=True,
        start_new_session=True,
    )
    os.close(there)
    seen = b""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        if not select.select([here], [], [], 0.1)[0]:
            continue
        try:
            seen += os.read(here, 4096)
        except OSError:  # the other end is closed
            break
        if answer and b"[y/N]" in seen:
            os.write(here, answer.encode() + b"\n")
            answer = None
    try:
        process.wait(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        sys.exit(f"`{command}` did not end: {seen.decode()}")
    return seen.decode().replace("\r\n", "\n")


def main() -> None:
    """Run the session and draw it."""
    commands = Path(sys.executable).parent
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DIGICERT_API_KEY": sandbox.api_key,
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm-256color",
            "COLUMNS": str(COLUMNS),
        }
        rows = (ROOT / "examples" / "contacts.csv").read_text().splitlines()
        (Path(folder) / "contacts.csv").write_text("\n".join(rows[:LINES]) + "\n")
        for typed, answer in SESSION:
            console.print(Text(f"$ {typed}", style="bold"))
            where = "" if " check " in typed else f" --base-url {sandbox.base_url}"
            shown = run(typed + where, answer, folder, environment)
            console.print(Text.from_ansi(shown))
    svg = console.export_svg(title="digicert-contacts", code_format=FORMAT)
    (ROOT / "docs" / "session.svg").write_text(svg)


if __name__ == "__main__":
    main()
