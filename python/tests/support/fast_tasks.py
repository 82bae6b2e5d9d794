"""The example for Celery with a small limit, and lost tasks that are noticed soon."""

import functools
import sys

import digicert_contacts

WINDOWS = [(40, 0.5)]

digicert_contacts.Client = functools.partial(  # type: ignore[assignment, misc]
    digicert_contacts.Client, rate_limits=digicert_contacts.RateLimits(WINDOWS)
)
digicert_contacts.RateLimits = functools.partial(  # type: ignore[assignment, misc]
    digicert_contacts.RateLimits, WINDOWS
)

# Both use the names above.
import apply  # type: ignore[import-not-found] # noqa: E402
from tasks import app  # type: ignore[import-not-found] # noqa: E402, F401 - for celery

apply.DELIVER_AGAIN = 4

if __name__ == "__main__":
    sys.exit(apply.main())
