"""The command ``digicert-contacts``."""

import sys

from digicert_contacts._core import run_cli


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit code."""
    return run_cli(["digicert-contacts", *sys.argv[1:]])
