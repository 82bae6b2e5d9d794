"""Changes contacts in a task queue: Celery waits and tries again, not the client.

Start as many workers as you like, all with the same RATE_LIMIT_FILE:

    celery --app tasks worker
"""

import os

from celery import Celery, Task

from digicert_contacts import Client, ContactsUpdate, RateLimitError, RateLimits, RequestError

broker = os.environ["BROKER_URL"]
app = Celery("contacts", broker=broker, backend=broker)
# A task is done when its request is answered; a worker that dies gives it back to the queue. The
# request sets absolute values, so that sending it again is safe for the order.
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1)

# The key comes from DIGICERT_API_KEY. Workers fork; each process then has its own connections.
client = Client(
    base_url=os.environ.get("DIGICERT_BASE_URL"),
    max_retries=0,
    rate_limits=RateLimits(on_limit="raise", file=os.environ["RATE_LIMIT_FILE"]),
)
ATTEMPTS = 5


@app.task(bind=True, max_retries=None)
def update_contacts(task: Task, order_id: int, update: dict[str, object], failed: int = 0) -> int:
    """Change the contacts of one order; ``update`` is what ``ContactsUpdate.to_dict`` gives."""
    try:
        client.update_contacts(order_id, ContactsUpdate.from_dict(update))
    except RateLimitError as error:
        # No failure, only too early.
        raise task.retry(exc=error, countdown=error.retry_after or 1) from error
    except RequestError as error:
        passing = error.status_code in {None, 408, 500, 502, 503, 504}
        if not passing or failed >= ATTEMPTS:
            raise
        kwargs = {"failed": failed + 1}
        raise task.retry(exc=error, countdown=2**failed, kwargs=kwargs) from error
    return order_id
