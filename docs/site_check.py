"""Look at every page of the built site in a headless Chromium: ``make docs && python docs/site_check.py``.

Each page that the navigation reaches is opened at 1280 and 400 pixels, light and dark. It has to fit the width, load
nothing from a network, and link to nothing that is missing. The search has to find a page. Exits 1 otherwise.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page, sync_playwright

SITE = Path(__file__).parents[1] / ".work" / "site"
SIZES = (1280, 400)
SCHEMES = ("light", "dark")
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Handler(SimpleHTTPRequestHandler):
    """Serves files in silence."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def links(page: Page, selector: str) -> set[str]:
    """Return the addresses that elements of a page link to, without their anchors."""
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map(one => one.href)")
    return {link.partition("#")[0] for link in found}


def reached(page: Page, start: str) -> Iterator[str]:
    """Yield every page that the navigation of the site leads to."""
    page.goto(start)
    yield from sorted(links(page, "nav.md-nav--primary a[href]"))


def problems(page: Page, address: str, home: str, asked: list[str]) -> Iterator[str]:
    """Yield what is wrong with a page."""
    asked.clear()
    answer = page.goto(address, wait_until="load")
    if answer is None or not answer.ok:
        yield "is missing"
        return
    wider = page.evaluate(WIDER)
    if wider > 0:
        yield f"is {wider} pixels wider than the window"
    yield from (f"asks {one}" for one in asked if not one.startswith((home, "data:", "blob:")))
    for link in links(page, "article a[href]"):
        name = link.removeprefix(home) if link.startswith(home) else None
        file = SITE / (f"{name}index.html" if name is not None and name.endswith(("/", "")) else name or "")
        if name is not None and not (file.exists() or (SITE / name).exists()):
            yield f"links to {name}, which is missing"


def searched(page: Page, home: str) -> Iterator[str]:
    """Yield what is wrong with the search."""
    page.goto(home)
    page.fill("input.md-search__input", "swallowed-error")
    page.wait_for_selector(".md-search-result__link", timeout=15_000)
    first = page.get_attribute(".md-search-result__link", "href") or ""
    if "FLX202" not in first:
        yield f"the search for swallowed-error finds {first or 'nothing'}"


def main() -> int:
    """Look at every page; return the exit status."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=SITE))
    Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    found: list[str] = []
    asked: list[str] = []
    errors: list[str] = []
    looked = 0
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for width in SIZES:
            for scheme in SCHEMES:
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page.on("request", lambda request: asked.append(request.url))
                page.on("pageerror", lambda error: errors.append(f"a script fails: {error}"))
                for address in reached(page, home):
                    looked += 1
                    found += [f"{address} {width} {scheme}: {one}" for one in problems(page, address, home, asked)]
                if width == SIZES[0]:
                    found += searched(page, home)
                page.close()
        browser.close()
    server.shutdown()
    found += errors
    print("\n".join([*found, f"{looked} looks, {len(found)} problems"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
