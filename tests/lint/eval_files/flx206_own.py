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
        return ShopError("no answer")  # FLX206: 15
    try:
        requests.get(url)
    except requests.Timeout:
        return Late("no answer")  # FLX206: 15


def silent(url):
    try:
        requests.get(url)
    except requests.Timeout:
        return Other("no answer")  # silent: nothing says that this one is typed
    try:
        requests.get(url)
    except ShopError:
        return Late("no answer")  # silent: caught is an error of the project itself
    try:
        requests.get(url)
    except requests.Timeout as err:
        return Late("no answer", correlation_id=err.id)  # silent: the id goes on
