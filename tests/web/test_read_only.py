"""The talk as a plain page, for who runs no JavaScript."""

import re

import pytest

TALK = 120


@pytest.fixture(scope="module")
def server_settings():
    pace = {f"CHAT_{what}_PER_10S": "100000" for what in ("MESSAGES", "CONNECTION_POINTS", "ADDRESS_POINTS")}
    return pace | {"CHAT_READS_PER_10S": "20"}


def bodies(html):
    return re.findall(r'class="read__body"[^>]*>(?:<bdi[^>]*>[^<]*</bdi> )?([^<]*)<', html)


def older(html):
    found = re.search(r'rel="prev" href="([^"#]+)#end"', html)
    return found[1] if found else None


def test_all_of_a_talk_is_read_page_by_page(house):
    ann = house.member("Ann")
    for answer in [ann.starts_saying(f"line {n}") for n in range(1, TALK + 1)]:
        assert answer.result(20).ok
    visitor, way, seen = house.visitor(), f"/r/{house.room}/read", []

    while way:
        page = visitor.get(way)
        assert page.status == 200
        seen = bodies(page.text) + seen
        way = older(page.text)

    assert seen == [f"line {n}" for n in range(1, TALK + 1)]


def test_what_was_said_and_done_is_text_with_its_author_and_time(house):
    house.member("Ann").says("<b>bold</b>\nsecond line")
    house.member("Bob").says("/me waves")

    page = house.visitor().get(f"/r/{house.room}/read").text

    assert bodies(page) == ["&lt;b&gt;bold&lt;/b&gt;\nsecond line", "waves"]
    assert re.findall(r'class="read__author">(\w+)<', page) == ["Ann", "Bob"]
    assert (
        len(re.findall(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00">\d{4}-\d\d-\d\d \d\d:\d\d<', page)) == 2
    )
    assert re.findall(r"<script[^>]*", page) == re.findall(r'<script type="module" src="[^"]*/theme.js"', page)


def test_a_notice_says_who_speaks(house):
    house.member("Ann").says("hello")
    assert house.server.command("say", house.room, "The kitchen closes.").returncode == 0

    page = house.visitor().get(f"/r/{house.room}/read").text

    assert page.count("runs this chatroom") == 1


def test_an_empty_room_says_so_and_leads_on(house):
    page = house.visitor().get(f"/r/{house.room}/read").text

    assert "Nothing has been said here." in page
    assert f'href="/r/{house.room}"' in page


@pytest.mark.parametrize("query", ["before=x", "before=0", "before=99999999999999999999999"])
def test_a_page_that_cannot_be_is_refused(house, query):
    reply = house.visitor().get(f"/r/{house.room}/read?{query}")

    assert reply.status == 400
    assert "<code>payload_invalid</code>" in reply.text


def test_a_closed_room_is_read_by_those_inside_alone(house):
    house.member("Ann").says("between us")
    assert house.server.command("lock", house.room).returncode == 0

    reply = house.visitor().get(f"/r/{house.room}/read")

    assert reply.status == 403
    assert "<code>room_locked</code>" in reply.text
    assert "between us" not in reply.text


def test_reading_has_its_price(house):
    house.member("Ann").says("hello")
    visitor = house.visitor()

    assert 429 in {visitor.get(f"/r/{house.room}/read").status for _ in range(40)}
