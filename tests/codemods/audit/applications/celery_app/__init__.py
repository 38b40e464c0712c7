"""Parcels over Celery."""

from __future__ import annotations

from celery import Celery, shared_task

app = Celery("parcels", broker="memory://", backend="cache+memory://")
app.conf.task_always_eager = True
app.conf.task_store_eager_result = True


class DepotClosed(Exception):
    """The depot is closed for the night."""


class AddressUnknown(Exception):
    """Nobody lives there."""


@app.task(name="parcels.send", autoretry_for=(DepotClosed,), max_retries=1, retry_backoff=False, default_retry_delay=0)
def send(number: int) -> int:
    """Send a parcel."""
    if number == 0:
        raise DepotClosed
    return deliver(number)


@shared_task
def count(numbers: list[int]) -> int:
    """Count parcels."""
    return len(numbers)


def deliver(number: int) -> int:
    """Bring a parcel to its address."""
    if number < 0:
        raise AddressUnknown(number)
    return number
