"""Make the pictures of the README and the pages: ``python docs/pictures.py`` writes ``docs/img``.

A terminal is drawn as SVG from what the commands print; the page of the audit is a screenshot by a headless Chromium.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def shop(folder: Path) -> Path:
    """Return a committed copy of the legacy shop below a folder."""
    copy = folder / "shop"
    shutil.copytree(ROOT / "examples" / "legacy_shop", copy, ignore=shutil.ignore_patterns("__pycache__"))
    for command in ("init -q", "add .", "-c user.name=shop -c user.email=shop@example.invalid commit -qm Shop"):
        subprocess.run(["git", *command.split()], cwd=copy, check=True)
    return copy


def printed(copy: Path, *command: str) -> list[str]:
    """Return the lines that a command of ours prints in the copy."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=copy, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}")
    return done.stdout.splitlines()


def terminal(lines: list[str], title: str, width: int = 112) -> str:
    """Return a terminal as SVG; it asks for no font from a network."""
    console = Console(record=True, width=width, file=io.StringIO())
    for line in lines:
        style = "bold" if line.startswith("$ ") else COLOURS.get(line[:1], "")
        console.print(Text(re.sub(r"\d+\.\d s\)", "0.2 s)", line), style), soft_wrap=False)
    svg = console.export_svg(title=title, unique_id="flext")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def migrate_picture(copy: Path) -> str:
    """Return what `migrate` prints for one module and for the whole shop, shortened."""
    diff = printed(copy, "flext_codemods", "migrate", "--diff", "shop/cart.py")
    summary = printed(copy, "flext_codemods", "migrate")
    start = next(number for number, line in enumerate(summary) if line.startswith("rewrote ") and " in " in line)
    left = next(number for number, line in enumerate(summary) if line.startswith("left (identity)"))
    change = next(number for number, line in enumerate(diff) if line.startswith("@@ -18"))
    first = ["$ flext-codemods migrate --diff shop/cart.py", *diff[change : change + 10], "...", ""]
    second = ["$ flext-codemods migrate", "...", *summary[left : left + 3], "...", *summary[start : start + 3]]
    return terminal([*first, *second], "flext-codemods migrate")


def screenshot(page: Path, image: Path, width: int, height: int) -> None:
    """Write a picture of a page."""
    chromium = shutil.which("chromium") or sys.exit("chromium is not installed: apt-get install chromium")
    size = f"--window-size={width},{height}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size, f"--screenshot={image}"]
    subprocess.run([chromium, *options, page.as_uri()], check=True, capture_output=True, timeout=120)


def main() -> int:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shop(Path(folder))
        page = Path(folder) / "audit.html"
        (IMAGES / "migrate.svg").write_text(migrate_picture(copy), encoding="utf-8")
        printed(copy, "flext_codemods", "audit", "--html", str(page))
        screenshot(page, IMAGES / "audit.png", 1280, 900)
    return 0


if __name__ == "__main__":
    sys.exit(main())
