"""A chatroom with named rooms: open a link and talk.

chat/       what a chatroom is: values, rules, use cases; standard library only
store/      where messages rest            presence/   who is here now
transport/  eventlet, Engine.IO and Socket.IO, and nothing else touches them
web/        the doors: pages and live events
protocol.py the wire    config.py  the settings    factory.py  wires it all
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The whole program as one WSGI application. Settings come from the environment unless given."""
    # Late, so that the core can be imported without Flask, SQLAlchemy or eventlet.
    from app.factory import build

    return build(settings)
