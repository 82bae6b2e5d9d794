"""The command ``digicert-contacts``."""

import signal
import sys

from digicert_contacts._core import run_cli


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit code.

    SIGINT, SIGTERM and SIGHUP interrupt the command, as Ctrl-C does. A signal that is ignored at
    the start, as SIGHUP is under ``nohup``, stays ignored.
    """
    numbers = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
    handled = [n for n in numbers if n is not None and signal.getsignal(n) is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, signal.default_int_handler)
    return run_cli(["digicert-contacts", *sys.argv[1:]], handled)
