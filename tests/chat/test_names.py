import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat import names
from app.chat.refusals import NameInvalid


@pytest.mark.parametrize(
    "raw, clean",
    [
        ("Ann", "Ann"),
        ("  Ann \t Lee ", "Ann Lee"),
        ("\uff21\uff4e\uff4e", "Ann"),
        ("Zoe\u0308", "Zoë"),
        ("मीरा", "मीरा"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<img src=x>", "<img src=x>"),
    ],
)
def test_a_name_is_shown_in_one_form(raw, clean):
    assert names.clean(raw) == clean


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        [],
        "",
        "   ",
        "x" * 33,
        "x" * 10_000,
        "Ann\x00",
        "Ann\nLee\x1b[2J",
        "\u202eAnn",
        "An\u200bn",
        "\u3164",
        "\u2800",
        "\ud800",
        "A" + "\u0301\u0302\u0303\u0304\u0305\u0306",
        "\u200d",
        "System",
        "ѕystem",
        "Ореrаtоr",
        "Vera",
        "vеrа",
    ],
)
def test_an_unfit_name_is_refused(raw):
    with pytest.raises(NameInvalid):
        names.clean(raw, kept=names.reserved("Vera"))


@pytest.mark.parametrize("name", ["Veronica", "Vera 2", "Systematic", "Op"])
def test_a_name_that_only_begins_like_a_reserved_one_is_fit(name):
    assert names.clean(name, kept=names.reserved("Vera")) == name


@pytest.mark.parametrize(
    "one, other",
    [
        ("Ann", "ANN"),
        ("Ann", "\u0410nn"),
        ("Ian", "lan"),
        ("ian", "Ian"),
        ("Bob", "B0b"),
        ("Tim", "Tirn"),
        ("Straße", "STRASSE"),
        ("Ann", "A\u200dnn"),
        ("Ann Lee", "AnnLee"),
        ("Ivan", "\u0406van"),
    ],
)
def test_two_names_that_differ_only_in_case_or_look_share_a_key(one, other):
    assert names.keys(one) & names.keys(other)


@pytest.mark.parametrize("one, other", [("Ann", "Anne"), ("Ann 2", "Ann 3"), ("ail", "all"), ("Zoë", "Zoe")])
def test_two_names_that_look_different_share_none(one, other):
    assert not names.keys(one) & names.keys(other)


@given(st.text(max_size=40))
def test_a_clean_name_is_clean(raw):
    try:
        name = names.clean(raw)
    except NameInvalid:
        return

    assert names.clean(name) == name
    assert name.encode().decode() == name
    assert names.keys(name)


def test_free_names_are_free_and_fit():
    taken = {"x" * 30 + " 2"}

    found = names.free_like("x" * 32, lambda name: name not in taken)

    assert found == ["x" * 30 + " 3", "x" * 30 + " 4", "x" * 30 + " 5"]
