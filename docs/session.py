"""Write docs/session.svg: a terminal session, drawn from a real run of the installed command.

Each command of the session runs in a pseudo-terminal, against a sandbox. `make session` runs it.
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
#: Lines of the example file that the picture shows.
LINES = 5
#: Seconds for one command.
TIMEOUT = 20
#: The commands, and the answer to a question.
SESSION = [
    ("digicert-contacts check contacts.csv", None),
    ("digicert-contacts apply contacts.csv", "yes"),
    ("digicert-contacts get 100000001", None),
]
#: Without external fonts or other files.
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
    """Return what the terminal shows, with the answer to a question."""
    terminal, child = pty.openpty()
    process = subprocess.Popen(
        shlex.split(command),
        cwd=folder,
        env=environment,
        stdin=child,
        stdout=child,
        stderr=child,
        close_fds=True,
        start_new_session=True,
    )
    os.close(child)
    output = b""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            output += os.read(terminal, 4096)
        except OSError:  # the child has closed it
            break
        if answer and b"[y/N]" in output:
            os.write(terminal, answer.encode() + b"\n")
            answer = None
    try:
        process.wait(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        sys.exit(f"`{command}` timed out: {output.decode()}")
    return output.decode().replace("\r\n", "\n")


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
        for command, answer in SESSION:
            console.print(Text(f"$ {command}", style="bold"))
            option = "" if " check " in command else f" --base-url {sandbox.base_url}"
            output = run(command + option, answer, folder, environment)
            console.print(Text.from_ansi(output))
    svg = console.export_svg(title="digicert-contacts", code_format=FORMAT)
    (ROOT / "docs" / "session.svg").write_text(svg)


if __name__ == "__main__":
    main()
