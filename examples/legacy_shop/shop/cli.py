"""The ``shop`` command."""

import argparse
import csv
import sys
from functools import partial

from shop import __version__
from shop.cart import Cart
from shop.catalog import read_csv
from shop.config import first_config, load_config
from shop.errors import ShopError
from shop.inventory import take_stock
from shop.network import FeedError, fetch_feed
from shop.orders import import_orders
from shop.pricing import PercentOff, tax_rate
from shop.storage import Storage, retrying

EXPECTED = (ShopError, FeedError, ValueError, LookupError, ArithmeticError, OSError, EOFError)
EXIT_STATUS = {KeyError: 3}  # scripts want to know what merely does not exist


def quantity(text):
    """Read a number of pieces (an argparse type)."""
    if not text.isdigit():
        raise ValueError(f"not a number of pieces: {text}")
    if text == "0":
        raise argparse.ArgumentTypeError("nobody orders 0 pieces")
    return int(text)


def settings(args):
    if args.config:
        return load_config(args.config)
    return first_config(["shop.ini", "shop.json"])


def price(args):
    product = read_csv(args.catalog)[args.sku]
    cart = Cart(product.price.currency)
    cart.add(product, args.quantity)
    total = cart.total({args.sku: PercentOff(args.percent)} if args.percent else None)
    if args.country:
        total *= 1 + tax_rate(args.country, product.category)
    print(total)


def orders(args):
    with open(args.file, newline="", encoding="utf-8") as file:
        accepted, rejected = import_orders(csv.reader(file))
    for position, _, text in rejected:
        print(f"row {position}: {text}", file=sys.stderr)
    if rejected and args.strict:
        raise ShopError("%d of %d rows were rejected" % (len(rejected), len(rejected + accepted)))
    with Storage(settings(args).require("database")) as storage:
        for order in accepted:
            retrying(partial(storage.save, order))
    print(f"{len(accepted)} orders imported")


def stock(args):
    for sku, pieces in sorted(take_stock(args.sheets).items()):
        print(sku, pieces)


def feed(args):
    config = settings(args)
    prices = fetch_feed(config.require("supplier_url"), config.number("timeout", 1, 60))
    for sku, cost in prices.items():
        print(sku, cost)


def build_parser():
    parser = argparse.ArgumentParser(prog="shop", description="The shop's back office.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", help="settings file; else shop.ini or shop.json")
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("price", help="what does a number of pieces cost?")
    command.add_argument("catalog")
    command.add_argument("sku")
    command.add_argument("--quantity", type=quantity, default=1)
    command.add_argument("--percent", type=int, default=0, help="discount")
    command.add_argument("--country", help="add the tax of this country")
    command.set_defaults(run=price)

    command = commands.add_parser("orders", help="import a marketplace export")
    command.add_argument("file")
    command.add_argument("--strict", action="store_true", help="import all rows or none")
    command.set_defaults(run=orders)

    command = commands.add_parser("stock", help="add up counting sheets")
    command.add_argument("sheets", nargs="+")
    command.set_defaults(run=stock)

    command = commands.add_parser("feed", help="show the supplier's prices")
    command.set_defaults(run=feed)
    return parser


def main(argv=None):
    args = build_parser().parse_args(argv)
    try:
        args.run(args)
    except EXPECTED as err:
        print(f"shop: {err}", file=sys.stderr)
        return EXIT_STATUS.get(type(err), 1)
    return 0
