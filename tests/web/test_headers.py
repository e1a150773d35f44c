"""What every answer carries: a policy under which no stranger's text can run, and cookies no script can read."""

import re

import pytest

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
}
ROUTES = [
    "/",
    "/name",
    "/name?room=tea",
    "/r/tea",
    "/r/Tea",
    "/r/tea/messages",
    "/r/tea/code.svg",
    "/healthz",
    "/readyz",
    "/nowhere",
]


@pytest.mark.parametrize("path", [*ROUTES, "/static/icon.svg"])
def test_every_answer_carries_the_policy(house, path):
    reply = house.visitor().get(path)

    assert set(reply.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_a_page_inside_the_room_carries_it_too(house):
    visitor = house.visitor()
    visitor.post("/name", name="Vera", room=house.room)

    assert set(visitor.get(f"/r/{house.room}").headers["Content-Security-Policy"].split("; ")) == POLICY


@pytest.mark.parametrize("path", ROUTES)
def test_no_page_is_kept_for_the_next_person(house, path):
    assert "no-store" in house.visitor().get(path).headers["Cache-Control"]


def test_the_pages_own_files_may_be_kept(house):
    assert "no-store" not in house.visitor().get("/static/icon.svg").headers["Cache-Control"]


@pytest.mark.parametrize("path", ROUTES)
def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(house, path):
    for cookie in house.visitor().get(path).headers.get_all("Set-Cookie") or []:
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}

        assert {"httponly", "samesite=lax", "path=/"} <= flags


def test_a_name_is_remembered_in_such_a_cookie(house):
    reply = house.visitor().post("/name", name="Vera", room=house.room)

    (cookie,) = reply.headers.get_all("Set-Cookie")
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert any(flag.startswith(("expires=", "max-age=")) for flag in flags), "it outlives the browser's window"


def test_nothing_from_another_host_is_asked_for(house):
    visitor = house.visitor()
    visitor.post("/name", name="Vera", room=house.room)

    for path in ("/", "/name", f"/r/{house.room}"):
        page = visitor.get(path).text
        begins_elsewhere = re.findall(
            r"""(?:["'=,]|url\()\s*(?:[a-z]+:)?//[^\s"')]*""", page.replace("http://www.w3.org", "")
        )
        assert begins_elsewhere == [], path


@pytest.mark.parametrize("room", ["//evil.example", "/\\evil.example", "https://evil.example", "..", "?x#y"])
def test_no_input_redirects_away(house, room):
    reply = house.visitor().post("/rooms", room=room)

    assert reply.status == 400 or reply.location.startswith("/r/")
    name = house.visitor().post("/name", name="Vera", room=room)
    assert name.status == 400
