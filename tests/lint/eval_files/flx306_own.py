# options: --flext-base shop.errors.ShopError --flext-targets ValueError=shop.errors.BadInput
"""FLX306: a base of the project in another module counts as typed."""

from shop.errors import BadInput, Other, ShopError

try:
    save()
except ShopError as err:
    if "closed" in str(err):  # FLX306: 7
        update()
except BadInput as err:
    if "negative" in str(err):  # FLX306: 7
        update()
except Other as err:
    if "closed" in str(err):  # silent: nothing says that this one is typed
        update()
except UnicodeEncodeError as err:
    if "surrogates" in str(err):  # silent: the target is of its base, which is another class
        update()
