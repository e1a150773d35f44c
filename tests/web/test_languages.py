"""A page speaks its reader's language, if we have it."""

import pytest
from flask import Flask

from app.web.words import Words
from tests.live import ROOT


@pytest.mark.parametrize(
    "asked, given",
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-GB", "en"),
        ("fr,de;q=0.3", "de"),
        ("fr, xx;q=0.3", "en"),
        ("en;q=0.1,de;q=0.9", "de"),
        ("de;q=0", "en"),
        ("../../etc/passwd", "en"),
        ("de" * 500, "en"),
        (",;q=x,,", "en"),
        ("", "en"),
    ],
)
def test_the_browser_is_answered_in_its_language(house, asked, given):
    page = house.visitor().get("/", **{"Accept-Language": asked})

    assert f'<html lang="{given}">' in page.text
    assert ("Raum öffnen" in page.text) == (given == "de")


def test_who_says_nothing_gets_english(house):
    assert '<html lang="en">' in house.visitor().get("/").text


@pytest.mark.parametrize("path", ["/", "/name", "/nowhere"])
def test_a_page_in_one_language_is_not_kept_for_another(house, path):
    assert "Accept-Language" in house.visitor().get(path).headers["Vary"]


def test_an_error_is_told_in_the_readers_language_too(house):
    page = house.visitor().get("/nowhere", **{"Accept-Language": "de"})

    assert "Hier ist nichts" in page.text
    assert "Zur Lobby" in page.text


def test_the_page_asks_for_its_own_words_alone(house):
    visitor = house.visitor()
    visitor.post("/name", name="Vera", room=house.room)

    for path in ("/", f"/r/{house.room}"):
        page = visitor.get(path, **{"Accept-Language": "de"}).text
        assert "words/de.json" in page
        assert "words/en.json" not in page


@pytest.mark.parametrize("asked, said", [("en", "and 1,234 more"), ("de", "und 1.234 mehr")])
def test_a_number_is_written_as_the_language_writes_numbers(asked, said):
    words = Words(ROOT / "static" / "words")

    with Flask(__name__).test_request_context(headers={"Accept-Language": asked}):
        assert said in words.phrase("name.here_more", people="Ann", n=1234)
