"""The command ``digicert-contacts``."""

import signal
import sys

from digicert_contacts._core import run_cli


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit code.

    What would end the process at once asks the command to stop, as Ctrl-C does.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    return run_cli(["digicert-contacts", *sys.argv[1:]])
