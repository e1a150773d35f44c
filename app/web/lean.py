"""Our own code as it travels: without comments, a fifth of it, and indentation, which are for those who read it. A
style sheet takes those that it imports along.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

# Only comments that have their lines to themselves: what else looks like one may be part of a text.
COMMENTS: Final = {
    ".js": re.compile(rb"^[ \t]*//.*\n", re.MULTILINE),
    ".css": re.compile(rb"^[ \t]*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL),
}
IMPORT: Final = re.compile(rb'^@import "([\w./-]+)";\n', re.MULTILINE)
INDENTATION: Final = re.compile(rb"^[ \t]+", re.MULTILINE)


def lean(path: Path, content: bytes) -> bytes:
    """The content of a static file, less comments and indentation. Others' code stays as it came, with its licence."""
    comments = COMMENTS.get(path.suffix)
    if comments is None or path.parent.name == "vendor":
        return content
    if path.suffix == ".css":
        content = IMPORT.sub(lambda found: _imported(path.parent / found[1].decode()), content)
    return INDENTATION.sub(b"", comments.sub(b"", content))


def _imported(path: Path) -> bytes:
    return lean(path, path.read_bytes())
