"""What the pages say, in the reader's language. Each language is one file of static/words, and the page's modules read
the same file. Sentences that count something are for the browser, which knows every language's plurals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flask import Flask, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.chat.refusals import Refusal

OTHERWISE: Final = "en"


class Words:
    """The texts of every language by key. Inside a request, that of the reader: the best of Accept-Language we have."""

    def __init__(self, folder: Path) -> None:
        self._languages = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}

    def language(self) -> str:
        return request.accept_languages.best_match(self._languages, OTHERWISE)

    def phrase(self, key: str, **values: object) -> Markup:
        """The sentence, safe to stand in a page. A value is text, unless it is markup already, or a number."""
        texts = self._languages[self.language()]
        figures = {name: f"{n:,}".replace(",", texts["app.thousands"]) for name, n in values.items() if type(n) is int}
        return escape(texts[key]).format(**values | figures)

    def phrase_or(self, key: str, otherwise: str, **values: object) -> Markup:
        """`otherwise` when no language file has a sentence for this key."""
        return self.phrase(key, **values) if key in self._languages[OTHERWISE] else escape(otherwise)

    def reason(self, no: Refusal) -> Markup:
        """Why not: by the refusal's code and rule, or as the chat said it. A name in it keeps its own direction."""
        rule = f".{no.rule}" if no.rule else ""
        values = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in no.values.items()}
        return self.phrase_or(f"refusal.{no.code}{rule}", no.detail, **values)

    def alphabets(self, names: Sequence[str]) -> Markup:
        """Two or more alphabets, as the chat names them, in one list."""
        *some, last = (self.phrase_or(f"script.{name.lower()}", name) for name in names)
        return self.phrase("app.list_end", some=Markup(", ").join(some), last=last)


def register(app: Flask, folder: Path) -> Words:
    """Templates write `phrase('lobby.title')`; a page made in one language is not kept for readers of another."""
    words = Words(folder)
    app.jinja_env.globals.update(
        phrase=words.phrase, reason=words.reason, alphabets=words.alphabets, language=words.language
    )

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("Accept-Language")
        return response

    return words
