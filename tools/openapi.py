"""Write `docs/openapi.json` from the program: `python -m tools.openapi`."""

from __future__ import annotations

import json
from pathlib import Path

from app.web import openapi

PATH = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def text() -> str:
    return json.dumps(openapi.document(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
