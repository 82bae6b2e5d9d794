"""The worker of apply.py, which changes one order.

Start any number of workers on any number of hosts:

    celery --app tasks worker
"""

import os

from celery import Celery, Task

from digicert_contacts import Client, RateLimitError, RateLimits, RequestError

broker = os.environ["BROKER_URL"]
app = Celery("contacts", broker=broker, backend=broker)
# A task is acknowledged at its end. If its process is killed, it is delivered again, and reads the
# order before it changes anything.
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1)
# A result can contain contacts.
app.conf.update(result_expires=3600)

# All workers, and apply.py, share the limit through this store.
limits = RateLimits(url=os.environ["DIGICERT_RATE_LIMIT_URL"])
# The key comes from DIGICERT_API_KEY. The queue retries and does the long waits, not the client.
client = Client.from_env(max_retries=0, rate_limits=limits).with_options(rate_limit_wait=5)
ATTEMPTS = 5


@app.task(bind=True, max_retries=None)
def change(task: "Task[..., str]", order: str, failed: int = 0) -> str:
    """Change an order of a plan, unless somebody else has changed it since."""
    try:
        return client.send_planned(order)
    except RateLimitError as error:
        # Not a failure: deliver it again when the limit permits.
        wait = min(error.retry_after or 1, 60)
        raise task.retry(exc=error, countdown=wait) from error
    except RequestError as error:
        if failed >= ATTEMPTS:
            raise
        again = {"failed": failed + 1}
        raise task.retry(exc=error, countdown=2**failed, kwargs=again) from error
