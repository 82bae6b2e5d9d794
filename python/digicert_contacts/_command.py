"""The command ``digicert-contacts``."""

import signal
import sys

from digicert_contacts._core import run_cli


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit code.

    What would end the process at once asks the command to stop, as Ctrl-C does; a SIGHUP that
    ``nohup`` keeps from it does not.
    """
    asked = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.append(signal.SIGHUP)
    for number in asked:
        signal.signal(number, signal.default_int_handler)
    return run_cli(["digicert-contacts", *sys.argv[1:]], asked)
