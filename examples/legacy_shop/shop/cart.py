"""The cart: what a customer, or a clerk on the telephone, is about to order."""

from shop.money import Money

LIMIT = 99  # pieces of one product


class Cart:
    def __init__(self, currency="EUR"):
        self.currency = currency
        self._lines = {}

    def __len__(self):
        return len(self._lines)

    def __iter__(self):
        return iter(self._lines.values())

    def add(self, product, quantity=1):
        if quantity < 1:
            raise ValueError("quantity must be at least 1, not %d" % quantity)
        if product.price.currency != self.currency:
            raise ValueError("the cart is in %s, but %s is priced in %s"
                             % (self.currency, product.sku, product.price.currency))
        _, before = self._lines.get(product.sku, (product, 0))
        if before + quantity > LIMIT:
            raise OverflowError(
                f"{before + quantity} of {product.sku} are more than a customer can order; "
                f"the limit is {LIMIT}"
            )
        self._lines[product.sku] = (product, before + quantity)

    def remove(self, sku):
        if sku not in self._lines:
            raise KeyError(sku)
        del self._lines[sku]

    def line(self, position):
        """Return product and quantity of a line as printed, counted from 1."""
        if not 1 <= position <= len(self):
            raise IndexError(f"line {position} of {len(self)}")
        return list(self)[position - 1]

    def total(self, discounts=None):
        """Return the sum without tax; ``discounts`` maps SKU to a discount."""
        total = Money(0, self.currency)
        for product, quantity in self:
            total += product.price * quantity
            discount = (discounts or {}).get(product.sku)
            if discount is not None:
                total -= discount.taken_off(product.price, quantity)
        return total

    def check_out(self, number):
        """Turn the cart into an order."""
        from shop.orders import Order

        if not self._lines:
            raise RuntimeError("the cart is empty")
        lines = [(product.sku, quantity) for product, quantity in self]
        return Order(number, lines, self.total())
