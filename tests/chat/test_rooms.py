import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat import rooms
from app.chat.refusals import RoomInvalid


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Tea", "tea"),
        ("Tea  Party!", "tea-party"),
        ("../../etc", "etc"),
        ("what?x#y", "what-x-y"),
        ("Приве́т", "приве́т"),
        ("日本語 ルーム", "日本語-ルーム"),
        ("हिन्दी", "हिन्दी"),
        ("🍕", "🍕"),
        ("ＴＥＡ", "tea"),
        ("a" * 80, "a" * 64),
    ],
)
def test_a_room_name_has_one_address(title, slug):
    assert rooms.slug(title) == slug


@pytest.mark.parametrize("title", ["", "   ", "!!!", "\u200b", "\u3164", "e" + "\u0301" * 9])
def test_a_name_with_nothing_to_show_has_no_address(title):
    with pytest.raises(RoomInvalid):
        rooms.slug(title)


@given(st.text(max_size=80))
def test_an_address_is_its_own_address(title):
    try:
        slug = rooms.slug(title)
    except RoomInvalid:
        return

    assert rooms.slug(slug) == slug
    assert rooms.require_slug(slug) == slug
    assert 1 <= len(slug) <= 64
    assert not set(slug) & set("/?#&\\.% \n\t\x00")


@pytest.mark.parametrize("raw", ["Tea", "tea party", "-tea", "tea/..", "x" * 65, ""])
def test_only_the_one_address_finds_a_room(raw):
    with pytest.raises(RoomInvalid):
        rooms.require_slug(raw)


@pytest.mark.parametrize("raw", [None, 3, "", "  ", "x" * 65, "x" * 4000, "a\x00b", "a\u202eb"])
def test_an_unfit_room_name_is_refused(raw):
    with pytest.raises(RoomInvalid):
        rooms.clean_title(raw)


def test_a_room_name_is_shown_as_typed():
    assert rooms.clean_title("  Tea &  Biscuits! ") == "Tea & Biscuits!"


def are_alike(one, other):
    slugs = rooms.slug(one), rooms.slug(other)
    shared = rooms.looks_of(slugs[0], one) & rooms.looks_of(slugs[1], other)
    return bool(shared) and rooms.may_be_taken_for(*slugs)


@pytest.mark.parametrize(
    "one, other",
    [
        ("team", "te\u0430m"),
        ("team", "ТЕАМ"),
        ("IT Team", "ІТ Tеam"),
        ("Legal Team", "Iegal team"),
        ("legal", "|egal"),
        ("tea", "te\u0430!"),
        ("room1", "rooml"),
        ("modern", "modem"),
        ("カフェ", "力フェ"),
        ("cop", "сор"),
        ("kapi", "kapı"),
    ],
)
def test_two_rooms_that_look_the_same_are_alike_both_ways(one, other):
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    "one, other",
    [
        ("team", "Team"),
        ("team", "teams"),
        ("FAIL", "FALL"),
        ("tea party", "teaparty"),
        ("Übung", "Ubung"),
        ("101", "lol"),
        ("10", "IO"),
        ("Room 1", "Room 2"),
        ("чай", "tea"),
    ],
)
def test_two_rooms_that_can_be_told_apart_are_not(one, other):
    assert not are_alike(one, other)
    assert not are_alike(other, one)


@given(st.text(min_size=1, max_size=64))
def test_every_room_has_a_look_that_fits_its_column(title):
    try:
        title = rooms.clean_title(title)
        slug = rooms.slug(title)
    except RoomInvalid:
        return

    found = rooms.looks_of(slug, title)

    assert len(found) <= 3
    assert all(1 <= len(look) <= rooms.LOOK_CHARS for look in found)
