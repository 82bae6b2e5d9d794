"""The command ``digicert-contacts``."""

import signal
import sys

from digicert_contacts._core import run_cli


def main() -> int:
    """Run the command line in ``sys.argv`` and return the exit code.

    What would end the process at once asks the command to stop, as Ctrl-C does; what is ignored
    when it begins, as SIGHUP behind ``nohup`` is, does not.
    """
    known = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
    asked = [n for n in known if n is not None and signal.getsignal(n) is not signal.SIG_IGN]
    for number in asked:
        signal.signal(number, signal.default_int_handler)
    return run_cli(["digicert-contacts", *sys.argv[1:]], asked)
