"""The documentation's Python code has correct types, by the strict rules of mypy and pyright."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import documented

pytest.importorskip("mypy", reason="make test-free-threaded does not install it")

CELERY = documented.ROOT / "examples" / "celery" / "tasks.py"
# A doctest shows the value of an expression.
PYRIGHT = {"typeCheckingMode": "strict", "reportUnusedExpression": False}


def write_scripts(folder: Path) -> dict[str, str]:
    """Write each script to a file with its line numbers; return the origin of each file."""
    scripts = [*documented.blocks(), *map(documented.program, documented.examples())]
    scripts.append(documented.Script(CELERY, 0, CELERY.read_text(encoding="utf-8")))
    origins = {}
    for script in scripts:
        file = folder / f"{script.file.name.replace('.', '_')}_{script.line}.py"
        file.write_text("\n" * script.line + script.text, encoding="utf-8")
        origins[str(file)] = script.file.name
    (folder / "pyrightconfig.json").write_text(json.dumps(PYRIGHT))
    return origins


CHECKERS = {
    "mypy": ["mypy", "--strict", "--config-file=", "--show-absolute-path", "."],
    "pyright": ["basedpyright", "--pythonpath", sys.executable, "--project", "."],
}


@pytest.mark.parametrize("name", CHECKERS)
def test_every_documented_script_has_correct_types(name: str, tmp_path: Path) -> None:
    origins = write_scripts(tmp_path)
    command = [sys.executable, "-m", *CHECKERS[name]]
    ran = subprocess.run(  # noqa: S603
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    output = ran.stdout + ran.stderr
    for file, origin in origins.items():
        output = output.replace(file, origin)
    assert ran.returncode == 0, output
    assert len(origins) > 60
