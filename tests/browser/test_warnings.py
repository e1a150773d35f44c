"""What looks like something else is said: a room that looks like another, a name that mixes alphabets."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.person import Person

People = Callable[..., Person]

CYRILLIC_A = "\u0430"
PAUL = f"P{CYRILLIC_A}ul"


def caution(page: Page):
    return page.get_by_role("complementary", name="Look closely")


def test_a_room_that_looks_like_another_says_so_before_and_inside(person: People, room: str) -> None:
    title = f"Team {room}"
    ann, bob = person("Ann"), person("Bob")
    ann.page.goto("/")
    ann.page.get_by_label("Room name").fill(title)
    ann.page.keyboard.press("Enter")
    ann.names("Ann").is_in()
    expect(caution(ann.page)).to_have_count(0)
    ann.says("this is the real one")
    ann.sees("this is the real one")

    bob.page.goto("/")
    bob.page.get_by_label("Room name").fill(title.replace("a", CYRILLIC_A))
    bob.page.keyboard.press("Enter")
    expect(caution(bob.page)).to_contain_text("another room that looks the same")
    expect(caution(bob.page)).to_contain_text("this one mixes Cyrillic and Latin letters")
    bob.names("Bob").is_in()
    expect(caution(bob.page)).to_contain_text("another room that looks the same")
    caution(bob.page).get_by_role("button", name="Close").click()
    expect(caution(bob.page)).to_have_count(0)
    bob.page.reload()
    caution(bob.page).get_by_role("link").click()

    bob.is_in().sees("this is the real one")


def test_an_ordinary_room_warns_of_nothing(person: People, room: str) -> None:
    for number, title in enumerate(["カフェ 東京 Tokyo ひろば", "Чай и iPhone", "한국 TV", f"{room} 1"]):
        ann = person(f"Ann {number}")
        ann.page.goto("/")
        ann.page.get_by_label("Room name").fill(title)
        ann.page.keyboard.press("Enter")
        expect(ann.page.get_by_label("Your name")).to_be_visible()
        expect(caution(ann.page)).to_have_count(0)


def test_a_name_that_mixes_alphabets_is_let_in_and_marked_wherever_it_is_shown(person: People, room: str) -> None:
    ann, paul = person("Ann").enters(room), person(PAUL)
    paul.opens(room).names(PAUL).is_in()
    expect(caution(paul.page)).to_contain_text("Your name mixes Cyrillic and Latin letters.")
    paul.says("it is me")
    ann.sees("it is me")
    paul.sees("it is me")

    for who in (ann, paul):
        expect(who.page.locator(".person", has_text=PAUL).locator(".mixed")).to_be_visible()
        mark = who.message("it is me").locator(".mixed")
        expect(mark).to_be_visible()
        expect(mark).to_have_attribute("title", "This name mixes alphabets. It may imitate another.")
        expect(mark).to_contain_text("mixes alphabets")
        expect(who.page.locator(".person .mixed:visible")).to_have_count(1)
    ann.page.reload()
    expect(ann.is_in().message("it is me").locator(".mixed")).to_be_visible()


def test_the_mark_comes_and_goes_with_the_name(person: People, room: str) -> None:
    ann, bob = person("Ann").enters(room), person("Bob").enters(room)
    ann.sees_people("Ann", "Bob")
    marks = ann.page.locator(".person .mixed:visible")

    bob.renames(PAUL)
    ann.sees_people("Ann", PAUL)
    expect(marks).to_have_count(1)
    bob.says("marked")
    ann.sees("marked")
    bob.renames("Bob")
    ann.sees_people("Ann", "Bob")

    expect(marks).to_have_count(0)
    bob.says("plain")
    ann.sees("plain")
    expect(ann.message("marked").locator(".mixed")).to_be_visible()
    expect(ann.message("plain").locator(".mixed")).to_be_hidden()


def test_the_name_page_tells_of_the_name_one_has(person: People, room: str) -> None:
    paul = person(PAUL).enters(room)

    paul.page.goto(f"/name?room={room}-2")

    expect(paul.page.get_by_label("Your name")).to_have_value(PAUL)
    expect(paul.page.get_by_text("others will see a mark")).to_be_visible()
