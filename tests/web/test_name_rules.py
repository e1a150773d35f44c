"""One set of rules for a name, whichever door it comes through."""

import pytest

FIT = ["Ann", "Åsa", "安娜", "👩‍🚀", "O'Brien", "x" * 32, "  two   words  ", "ﬁ", "<b>", "a&b=c", "100%"]
UNFIT = [
    "",
    "   ",
    "x" * 33,
    "a\x00b",
    "a\u202eb",
    "\u3164",
    "\u200d",
    "a\x1bb",
    "Z" + "\u0301" * 5,
    "\ue000",
    "x" * 5000,
]


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_JOINS_PER_10S": "10000"}


@pytest.mark.parametrize("name", FIT, ids=ascii)
def test_a_fit_name_passes_both_doors(house, name):
    form = house.visitor().post("/name", name=name, room=house.room)
    wire = house.guest("x").joins(name=name)

    assert (form.status, wire.refused) == (303, None)


@pytest.mark.parametrize("name", UNFIT, ids=lambda name: ascii(name[:40]))
def test_an_unfit_name_passes_neither(house, name):
    form = house.visitor().post("/name", name=name, room=house.room)
    wire = house.guest("x").joins(name=name)

    assert (form.status, wire.refused) == (400, "name_invalid")
    assert "name_invalid" in form.text


def test_a_name_is_shown_the_same_from_both_doors(house):
    visitor = house.visitor()
    visitor.post("/name", name="  two   ﬁ  ", room=house.room)

    shown = house.guest("x").joins(name="  two   ﬁ  ")["me"]["name"]

    assert shown == "two fi"
    other = house.fresh_room()
    assert f'data-me-name="{shown}"' in visitor.get(f"/r/{other}").text
