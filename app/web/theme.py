"""Light or dark, as chosen on this device: a cookie that the page's script sets and every page is made by."""

from __future__ import annotations

from typing import Final

from flask import Flask, request

COOKIE: Final = "theme"
CHOICES: Final = ("light", "dark")


def register(app: Flask) -> None:
    """Templates write `theme()`."""
    app.jinja_env.globals.update(theme=theme)


def theme() -> str:
    """One of CHOICES, or nothing: as the system has it."""
    asked = request.cookies.get(COOKIE, "")
    return asked if asked in CHOICES else ""
