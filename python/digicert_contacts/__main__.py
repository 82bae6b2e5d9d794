"""``python -m digicert_contacts`` is the command ``digicert-contacts``."""

import sys

from digicert_contacts._command import main

if __name__ == "__main__":
    sys.exit(main())
