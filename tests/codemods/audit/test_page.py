"""The page in a real browser: narrow and wide, light and dark, with only the keyboard, with hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from flext_codemods.cli import main
from tests.programs import program

from .auditing import write

# libatomic1 is for the Node.js of playwright, which a minimal Debian cannot run without it.
CHROMIUM = program("chromium", "chromium-browser", "google-chrome", package="chromium libatomic1")
SHOP = '''
from flext_exceptions import FlextExceptions


class SoldOut(FlextExceptions.ValidationError):
    code = "</script><script>alert(1)</script>"


def take(n):
    """Take some."""
    if n > 5:
        raise SoldOut(n)
    if n < 0:
        raise ValueError(n)


def buy(n):
    try:
        take(n)
    except KeyError:
        raise LookupError(n)


def again(n):
    if n:
        again(n - 1)
    raise RuntimeError(n)
'''
HOSTILE = "<img src=x onerror=alert(1)>"
SIZES = [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of the machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small shop, one file of which has a hostile name."""
    folder = tmp_path_factory.mktemp("page")
    write(folder, shop____init__="", shop__cart=SHOP)
    (folder / "shop" / f"{HOSTILE}.py").write_text("def f():\n    raise KeyError(1)\n", "utf-8")
    page = folder / "audit.html"
    assert main(["audit", str(folder), "--html", str(page), "--format", "json", "--no-cache"]) == 0
    return page


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, opened; it may ask for nothing, say nothing on the console and open no dialog."""
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    trouble: list[str] = []
    found.on("console", lambda message: trouble.append(message.text))
    found.on("pageerror", lambda error: trouble.append(str(error)))
    found.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    found.on("request", lambda request: trouble.append(request.url) if request.url != file.as_uri() else None)
    found.goto(file.as_uri())
    yield found
    found.close()
    assert trouble == []


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_nothing_is_wider_than_the_window(browser: Browser, file: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background, text = (page.evaluate(f"getComputedStyle(document.body).{one}") for one in ("backgroundColor", "color"))
    dark = scheme == "dark"
    assert (brightness(background) < 60) is dark
    assert (brightness(text) > 180) is dark
    page.close()


def brightness(colour: str) -> float:
    """Return how bright ``rgb(r, g, b)`` is, from 0 to 255."""
    return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / 3


def test_the_tree_of_a_function_shows_the_way_to_each_raise(page: Page) -> None:
    page.fill("#pick", "cart.py::buy")
    lines = page.locator("#tree text").all_text_contents()
    assert lines[0].endswith("shop/cart.py::buy")
    found = [line.rpartition("/")[2] for line in lines[1:]]
    start = found.index("shop.cart.SoldOut")
    assert found[start : start + 3] == ["shop.cart.SoldOut", "cart.py::take, called at line 19", "cart.py:12"]
    assert found[found.index("builtins.LookupError") + 1] == "cart.py:21"


def test_a_function_that_calls_itself_ends_its_tree(page: Page) -> None:
    page.fill("#pick", "cart.py::again")
    lines = page.locator("#tree text").all_text_contents()
    assert any(line.endswith("(calls itself)") for line in lines)
    assert len(lines) < 10


def test_a_table_is_filtered_and_sorted_with_the_keyboard_alone(page: Page) -> None:
    section = page.locator("#raises")
    rows = section.locator("tbody tr")
    assert rows.count() == 5
    section.locator("input").focus()
    page.keyboard.type("lookup buy")
    assert rows.count() == 1
    assert section.locator("[role=status]").text_content() == "1 of 5 rows"
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")  # the region that scrolls
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    head = section.locator("th").nth(2)
    assert head.get_attribute("aria-sort") == "ascending"
    kinds = [row.locator("td").nth(2).text_content() or "" for row in rows.all()]
    assert kinds == sorted(kinds)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"


def test_a_branch_of_the_tree_folds_with_the_keyboard_and_keeps_the_focus(page: Page) -> None:
    page.fill("#pick", "cart.py::buy")
    before = page.locator("#tree text").count()
    page.locator("#tree g[tabindex]").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#tree text").count() < before
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
    page.keyboard.press(" ")
    assert page.locator("#tree text").count() == before


def test_names_from_the_code_are_text_and_never_markup(page: Page) -> None:
    assert page.locator("#codes tbody td").first.text_content() == "</script><script>alert(1)</script>"
    assert page.locator("img").count() == 0
    assert HOSTILE in (page.locator("#raises tbody").text_content() or "")


def test_links_lead_to_the_line_of_the_file(page: Page, file: Path) -> None:
    target = page.locator("#raises tbody a", has_text="cart.py").first.evaluate("link => link.href")
    assert target.endswith("shop/cart.py#L12")
    assert target.startswith("file:///")


def test_a_reader_of_screens_finds_the_parts(page: Page) -> None:
    assert page.locator("main section[aria-labelledby]").count() >= 8
    assert page.get_by_role("img", name="percent of raises are typed").count() == 1
    named = "one => Boolean(one.textContent || one.ariaLabel || (one.labels && one.labels.length))"
    assert page.evaluate(f"[...document.querySelectorAll('input,select,button')].every({named})")
