"""Change contacts in a task queue: Celery waits and retries, not the client.

Start any number of workers, all with the same RATE_LIMIT_FILE:

    celery --app tasks worker
"""

import os

from celery import Celery, Task

from digicert_contacts import Client, ContactsUpdate, RateLimitError, RateLimits, RequestError

broker = os.environ["BROKER_URL"]
app = Celery("contacts", broker=broker, backend=broker)
# A task is acknowledged after its request is answered. If a worker crashes, the queue takes the
# task back. The request sets absolute values, so it is safe to send it again.
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1)

# The key comes from DIGICERT_API_KEY. Workers fork; each process has its own connections.
client = Client(
    base_url=os.environ.get("DIGICERT_BASE_URL"),
    max_retries=0,
    rate_limits=RateLimits(on_limit="raise", file=os.environ["RATE_LIMIT_FILE"]),
)
ATTEMPTS = 5


@app.task(bind=True, max_retries=None)
def update_contacts(
    task: "Task[..., int]", order_id: int, update: dict[str, object], failed: int = 0
) -> int:
    """Change the contacts of one order. ``update`` comes from ``ContactsUpdate.to_dict``."""
    try:
        client.update_contacts(order_id, ContactsUpdate.from_dict(update))
    except RateLimitError as error:
        # Not a failure: requeue when the rate limit permits.
        raise task.retry(exc=error, countdown=error.retry_after or 1) from error
    except RequestError as error:
        transient = error.status_code in {None, 408, 500, 502, 503, 504}
        if not transient or failed >= ATTEMPTS:
            raise
        kwargs = {"failed": failed + 1}
        raise task.retry(exc=error, countdown=2**failed, kwargs=kwargs) from error
    return order_id
