"""Row 13 and 14 of the threats: look-alikes are warned of, on the pages and to native clients."""

import re
from urllib.parse import quote

import pytest

CYRILLIC_A = "\u0430"


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_ROOMS_PER_10S": "10000", "CHAT_READS_PER_10S": "10000"}


def twins(house):
    """Two rooms that look the same; somebody talks in the first."""
    real = house.fresh_room().replace("room", "team")
    ann = house.guest("Ann")
    ann.joins(real)
    ann.says("hello", room=real)
    return real, real.replace("a", CYRILLIC_A, 1), ann


def caution(html):
    found = re.search(r'<aside class="caution".*?</aside>', html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else None


def test_both_pages_of_a_look_alike_say_so_and_lead_to_the_other(house):
    real, other, _ = twins(house)
    visitor = house.visitor()

    asked = visitor.get(f"/name?room={quote(other)}").text
    visitor.post("/name", name="Eve", room=other)
    room = visitor.get(f"/r/{quote(other)}").text

    for page in (asked, room):
        assert "There is another room that looks the same" in caution(page)
        assert "The name of this one mixes Cyrillic and Latin letters. Check the link." in caution(page)
        assert f'href="/r/{real}"' in page
    assert caution(visitor.get(f"/r/{real}").text) is None


def test_the_real_room_warns_of_its_look_alike_once_somebody_talks_there(house):
    real, other, ann = twins(house)
    ann.joins(other)
    ann.says("come here", room=other)

    assert "another room that looks the same" in caution(house.visitor().get(f"/name?room={real}").text)


def test_a_native_client_is_warned_when_it_comes_in_and_not_when_it_comes_back(house):
    real, other, _ = twins(house)
    eve = house.guest("Eve")

    first = eve.joins(other)
    again = eve.joins(other, since={"epoch": first["epoch"], "seq": first["head"]})

    assert first["room"]["alike"] == {"slug": real, "title": real.replace("-", " ")}
    assert first["room"]["mixed"] is True
    assert "alike" not in again["room"]
    assert not {"alike", "mixed"} & set(eve.joins(house.fresh_room())["room"])


def test_a_page_is_not_told_again_by_its_live_connection(house):
    _, other, _ = twins(house)
    visitor = house.visitor()
    visitor.post("/name", name="Eve", room=other)

    assert "alike" not in house.guest("Eve", visitor=visitor).joins(other)["room"]


def test_a_name_that_mixes_alphabets_is_let_in_and_said_with_it_everywhere(house):
    ann, paul = house.member("Ann"), house.guest("Paul")
    mixed = f"P{CYRILLIC_A}ul"

    joined = paul.joins(name=mixed)
    said = paul.says("hello")["message"]

    me = {"id": paul.id, "name": mixed, "mixed": True}
    assert joined["me"] == me
    assert [member.get("mixed") for member in joined["members"]] == [None, True]
    assert said["author"] == me
    assert ann.waits_for("message:posted")["author"] == me
    assert ann.waits_for("members:changed")["joined"] == [me]
    assert [message["author"] for message in ann.reads()["messages"]] == [me]
    ann.forgets()
    assert paul.renames("Paul")["me"] == {"id": paul.id, "name": "Paul"}
    assert ann.waits_for("members:changed")["renamed"] == [{"id": paul.id, "name": "Paul", "old_name": mixed}]
    ann.forgets()
    assert paul.renames(mixed)["me"] == me
    assert ann.waits_for("members:changed")["renamed"] == [me | {"old_name": "Paul"}]


def test_a_form_that_came_with_a_cookie_and_is_sent_without_one_says_why_it_goes_nowhere(house):
    visitor = house.visitor()
    page = visitor.get(f"/name?room={house.room}").text
    field = re.search(r'name="(with_cookie)" value="([^"]+)"', page).groups()
    kept = dict(visitor.cookies)
    visitor.cookies.clear()

    reply = visitor.post("/name", name="Ann", room=house.room, **dict([field]))
    assert (reply.status, "cookies_blocked" in reply.text) == (400, True)
    assert f'href="/name?room={house.room}"' in reply.text

    visitor.cookies.update(kept)
    assert visitor.post("/name", name="Ann", room=house.room, **dict([field])).status == 303


def test_a_cookie_of_another_key_is_a_cookie(house):
    visitor = house.visitor()
    visitor.cookies["chat"] = "eyJ0b2tlbiI6ImNob3NlbiJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"

    assert visitor.post("/name", name="Ann", room=house.room, with_cookie="yes").status == 303


def test_a_room_whose_word_mixes_alphabets_says_so_even_without_a_look_alike(house):
    other = house.fresh_room().replace("room", f"te{CYRILLIC_A}m")

    page = house.visitor().get(f"/name?room={quote(other)}").text

    assert caution(page) == "The name of this room mixes Cyrillic and Latin letters. It may imitate another."
