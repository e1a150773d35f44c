"""Which modules a script of the page needs before it can run, so that the browser asks for all of them at once and need
not find them one import at a time.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask

# A static import begins its line. What others' code imports is its own matter: it comes in one piece.
IMPORT: Final = re.compile(r"^(?:import|export)\s(?:[^'\"]*?\sfrom\s)?'(\.[^']+)'", re.MULTILINE)
OTHERS: Final = "vendor/"


def register(app: Flask, folder: Path) -> None:
    """Templates write `modules('js/page.js')`."""
    app.jinja_env.globals["modules"] = cache(lambda script: needed(folder, script))


def needed(folder: Path, script: str) -> list[str]:
    """All that `script` imports, and those in turn, the nearest first; none twice. Files of `folder`."""
    found = [script]
    for each in found:
        if each.startswith(OTHERS):
            continue
        for way in IMPORT.findall((folder / each).read_text("utf-8")):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(each), way))
            if name not in found:
                found.append(name)
    return found[1:]
