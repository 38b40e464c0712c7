"""The back office's own errors, as the clerk sees them."""


class ShopError(Exception):
    """Something that a clerk can act on; shown without a traceback."""

    code = "SHOP-100"


class OutOfStock(ShopError):
    """More was asked for than lies on the shelf."""

    code = "SHOP-110"

    def __init__(self, sku, wanted, available):
        super().__init__("%s: %d wanted, %d in stock" % (sku, wanted, available))
        self.sku = sku
        self.wanted = wanted
        self.available = available


class OrderClosed(ShopError):
    """The order was delivered or cancelled and cannot change any more."""

    code = "SHOP-120"


class RefundTooLarge(ShopError):
    """More was to be paid back than had been paid."""

    code = "SHOP-120"
