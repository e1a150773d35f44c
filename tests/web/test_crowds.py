"""When a room is a crowd, and how its people are listed."""

from app.chat.members import Member
from app.web.crowds import Crowds


def people(*names):
    return [Member(f"id-{name}", name) for name in names]


def test_a_room_is_a_crowd_above_the_limit_and_until_it_is_clearly_smaller():
    crowds = Crowds(10)

    is_crowd = [crowds.has("tea", count) for count in (9, 10, 11, 10, 9, 8, 9, 10, 11)]

    assert is_crowd == [False, False, True, True, True, False, False, False, True]
    assert not crowds.has("milk", 10)


def test_pages_hold_everybody_once_by_name_whatever_the_case():
    crowds, here = Crowds(2), people("delta", "Bravo", "alpha", "Écho", "charlie")
    listed, after, more = [], None, True

    while more:
        page, more = crowds.page(here, after)
        listed += page
        after = page[-1].name

    assert [each.name for each in listed] == ["alpha", "Bravo", "charlie", "delta", "Écho"]


def test_a_page_goes_on_behind_a_name_that_has_gone():
    page, more = Crowds(2).page(people("alpha", "delta"), "bravo")

    assert ([each.name for each in page], more) == (["delta"], False)
    assert Crowds(2).page([], "bravo") == ([], False)
