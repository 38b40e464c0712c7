# options: --flext-base shop.errors.ShopError
"""FLX206: a base of the project in another module counts as typed."""

import requests
from shop.errors import Other, ShopError


class Late(ShopError):
    """Derived from a class that counts as typed."""


def flagged(url):
    try:
        requests.get(url)
    except requests.Timeout:
        raise ShopError("no answer")  # FLX206: 8
    try:
        requests.get(url)
    except requests.Timeout:
        raise Late("no answer")  # FLX206: 8


def silent(url):
    try:
        requests.get(url)
    except requests.Timeout:
        raise Other("no answer")  # silent: nothing says that this one is typed
    try:
        requests.get(url)
    except ShopError:
        raise Late("no answer")  # silent: caught is an error of the project itself
    try:
        requests.get(url)
    except requests.Timeout as err:
        raise Late("no answer", correlation_id=err.id)  # silent: the id goes on
