"""The sandbox matches its OpenAPI description, for requests that schemathesis generates."""

import subprocess
import sys
from pathlib import Path

import pytest

from digicert_contacts.testing import Sandbox

# Most made-up order ids name no order; with this, every request is about one that exists.
REAL_ORDER = """
[parameters]
"path.order_id" = "100000001"
"path.order" = "100000002"
"path.certificate_id" = "600000001"
"""


@pytest.mark.parametrize("config", ["", REAL_ORDER], ids=["any order", "a real order"])
def test_schemathesis_finds_nothing(tmp_path: Path, config: str) -> None:
    file = tmp_path / "schemathesis.toml"
    file.write_text(config)
    with Sandbox(rate_limits=[]) as sandbox:
        url = sandbox.base_url.removesuffix("/services/v2") + "/openapi.json"
        ran = subprocess.run(  # noqa: S603 - the interpreter that runs this
            [
                *(sys.executable, "-m", "schemathesis.cli", f"--config-file={file}", "run", url),
                *("--header", f"X-DC-DEVKEY: {sandbox.api_key}"),
                *("--checks", "all", "--max-examples", "20", "--seed", "7", "--no-color"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        output = ran.stdout + ran.stderr
        assert ran.returncode == 0, output
        assert "No issues found" in output
        changes = sandbox.changes()
        statuses = {status for _, _, status in sandbox.requests()}
    assert {200, 204, 400, 404, 405} <= statuses
    if config:
        assert len(changes) > 10, "it changed contacts in earnest"
