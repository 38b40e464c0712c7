"""A git repository of many small files of every kind that writing must preserve, and a check that they are whole."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

__all__ = ["Files", "Shape", "make_files"]

FOLDERS = 25
# Which numbers, counted round and round to the first, are of which kind.
ROUND = 100
CRLF, LATIN, RUNNABLE, LINKED, NAMED_TWICE = {3, 23, 43, 63, 83}, {7, 37, 67}, {11, 61}, {17, 57}, {13, 53}
FUNCTION = '''def f{at}(x):
    """Do {at} of {number}: größer."""
    if x > {at}:
        raise ValueError(f"too big: {{x}}")  # {number}
    return x


'''


class Shape(NamedTuple):
    """What a file has besides its bytes: its mode, its target if it is a link, the number of its names."""

    mode: int
    leads_to: str
    names: int


class Files(NamedTuple):
    """The Python files of a folder by name: their bytes, read through links, and their shapes; and what strays."""

    contents: dict[str, bytes]
    shapes: dict[str, Shape]
    strays: list[str]

    @classmethod
    def of(cls, root: Path) -> Files:
        """Read the files of a folder; any others, except in hidden folders, are strays."""
        contents: dict[str, bytes] = {}
        shapes: dict[str, Shape] = {}
        strays: list[str] = []
        for folder, folders, names in os.walk(root):
            folders[:] = [each for each in folders if not each.startswith(".")]
            for path in (Path(folder, each) for each in names):
                name = str(path.relative_to(root))
                if path.suffix != ".py":
                    strays.append(name)
                    continue
                state = path.lstat()
                contents[name] = path.read_bytes()
                leads_to = str(path.readlink()) if path.is_symlink() else ""
                shapes[name] = Shape(state.st_mode, leads_to, state.st_nlink)
        return cls(contents, shapes, [name for name in strays if name != "pyproject.toml"])

    def torn(self, old: Files, new: Files) -> list[str]:
        """Return the names of the files that are neither old nor new."""
        return [name for name, text in self.contents.items() if text not in (old.contents[name], new.contents[name])]

    def is_linked(self, name: str) -> bool:
        """Say whether a file has further names, so that it is written in place."""
        return self.shapes[name].names > 1


def text_of(number: int) -> bytes:
    """Return the bytes of a file: of any encoding and line ends, long where it is to be written in place."""
    kind = number % ROUND
    text = "".join(FUNCTION.format(at=at, number=number) for at in range(1 + number % 3))
    if kind in NAMED_TWICE:
        text += "# so long that writing it takes a while\n" * 2000
    if kind in LATIN:
        return b"# -*- coding: latin-1 -*-\n" + text.encode("latin-1")
    return text.replace("\n", "\r\n").encode() if kind in CRLF else text.encode()


def make_files(root: Path, count: int) -> None:
    """Make a git repository with so many Python files, everything committed, and further names for some."""
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["flext-exceptions"]\n')
    for number in range(count):
        path = root / f"pkg{number % FOLDERS}" / f"m{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text_of(number))
        path.chmod(0o755 if number % ROUND in RUNNABLE else 0o644)
        if number % ROUND in NAMED_TWICE:
            os.link(path, path.with_name(f"twin{number}.py"))
        if number % ROUND in LINKED:
            link = root / "a_links" / path.name  # before the folders of the files: the walk takes the link, not these
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(f"../{path.parent.name}/{path.name}")
    commit(root)


def commit(root: Path) -> None:
    """Make a folder a git repository with everything in it committed."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", *who, *command], cwd=root, check=True, capture_output=True)
