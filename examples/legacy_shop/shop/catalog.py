"""The catalogue of products, and the csv files it is exchanged in."""

import csv
import dataclasses
import re
from pathlib import Path

from .money import Money, parse_money

SKU = re.compile(r"[A-Z]{2,4}-\d{3,5}")
COLUMNS = ["sku", "name", "price", "category"]


@dataclasses.dataclass(frozen=True)
class Product:
    """Something on sale. ``price`` is without tax."""

    sku: str
    name: str
    price: Money
    category: str = "standard"

    def __post_init__(self):
        if not SKU.fullmatch(self.sku):
            raise ValueError(f"malformed SKU: {self.sku!r}")
        if not self.name:
            raise ValueError


class Catalog:
    """Products by SKU, in the order in which they were added."""

    def __init__(self, products=()):
        self._products = {}
        for product in products:
            self.add(product)

    def __len__(self):
        return len(self._products)

    def __iter__(self):
        return iter(self._products.values())

    def __getitem__(self, sku):
        if sku not in self._products:
            raise KeyError(sku)
        return self._products[sku]

    def add(self, product):
        if product.sku in self._products:
            raise ValueError(f"SKU listed twice: {product.sku}")
        self._products[product.sku] = product

    def find(self, words):
        """Return the one product whose name contains ``words``."""
        hits = [product for product in self if words.lower() in product.name.lower()]
        if not hits:
            raise LookupError(f"no product is called {words!r}")
        if len(hits) > 1:
            raise LookupError(
                "%d products are called %r: %s"
                % (len(hits), words, ", ".join(product.sku for product in hits))
            )
        return hits[0]


def read_csv(path):
    """Read a catalogue from a file with a line of column names."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS[:3] if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError("{} lacks the columns {}".format(path, ", ".join(missing)))
        products = []
        for row in rows:
            try:
                products.append(
                    Product(row["sku"], row["name"], parse_money(row["price"]),
                            row.get("category") or "standard")
                )
            except ValueError as err:
                raise ValueError(f"{path}, line {rows.line_num}: {err}") from err
    return Catalog(products)


def write_csv(catalog, path, overwrite=False):
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} is there already")
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        for product in catalog:
            rows.writerow({name: str(getattr(product, name)) for name in COLUMNS})
