"""A program with one task that Ray runs in a separate process; it prints the data of the error that arrives."""

from __future__ import annotations

import json

import ray

from flext_exceptions import FlextExceptions


@ray.remote  # type: ignore[misc, unused-ignore]
def reserve(sku: str) -> None:
    """Fail, as another process does."""
    with FlextExceptions.correlation("req-9"):
        raise FlextExceptions.ValidationError("sold out", field="sku", value=sku)


def main() -> None:
    """Catch the error by its own type, as ``ray.get`` raises it."""
    ray.init(num_cpus=1, include_dashboard=False, logging_level="ERROR")
    try:
        ray.get(reserve.remote("A-1"))
    except FlextExceptions.ValidationError as error:
        document = error.to_dict()
        print(json.dumps([isinstance(error, ValueError), error.code, error.context, error.correlation_id]))
        print(json.dumps([document["type"], document["code"], document["context"], document["correlation_id"]]))
    ray.shutdown()


if __name__ == "__main__":
    main()
