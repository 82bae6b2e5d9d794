"""Run third-party clients of DigiCert's API, which only `make test-third-party` installs."""

import json
import os
import subprocess
from typing import Any

import pytest

PYTHON = os.environ.get("THIRD_PARTY_PYTHON", "")
needs_clients = pytest.mark.skipif(not PYTHON, reason="for `make test-third-party`")


def run(script: str, *arguments: str, python: str = PYTHON, **environment: str) -> Any:  # noqa: ANN401
    """Run a script where the clients are installed, and return the JSON that it prints."""
    ran = subprocess.run(  # noqa: S603 - the Makefile names the interpreter
        [python, "-c", script, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)
