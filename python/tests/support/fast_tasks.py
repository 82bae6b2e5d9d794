"""The example for Celery with a small limit, and lost tasks that are noticed soon."""

import functools
import sys

import digicert_contacts

WINDOWS = [(40, 0.5)]

digicert_contacts.RateLimits = functools.partial(  # type: ignore[assignment, misc]
    digicert_contacts.RateLimits, WINDOWS
)

# Both use it.
import apply  # type: ignore[import-not-found] # noqa: E402
import tasks  # type: ignore[import-not-found] # noqa: E402

app = tasks.app
# Shorter than a window, so that the queue waits as well.
tasks.client = tasks.client.with_options(rate_limit_wait=0.1)
apply.DELIVER_AGAIN = 4

if __name__ == "__main__":
    sys.exit(apply.main())
