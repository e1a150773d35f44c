import pytest

from app.chat import scripts
from app.chat.members import Member


@pytest.mark.parametrize(
    "text, found",
    [
        ("P\u0430ul", ("Cyrillic", "Latin")),
        ("Paul \u0410\u0441\u0435", ("Cyrillic", "Latin")),
        ("\u0391nn", ("Greek", "Latin")),
        ("\u0430\u03b1", ("Cyrillic", "Greek")),
        ("\uc548\ub155 \u30c6", ("Hangul", "Katakana")),
        ("abc \u05d0", ("Hebrew", "Latin")),
    ],
)
def test_alphabets_that_no_language_mixes_are_named(text, found):
    assert scripts.mixed(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Ann",
        "José María",
        "Катя 2",
        "カフェ ABC 漢字 ひらがな ー",
        "한글 ABC 漢",
        "ㄅㄆ 漢 abc",
        "हिन्दी",
        "👩\u200d🚀 Ann!",
        "Ελλάδα",
        "1٣",
        "",
    ],
)
def test_what_a_language_writes_side_by_side_is_not_mixed(text):
    assert scripts.mixed(text) == ()


def test_a_phrase_may_have_words_of_another_alphabet_but_no_word_of_two():
    assert scripts.mixed_in_a_word(["чай", "и", "iphone"]) == ()
    assert scripts.mixed_in_a_word(["te\u0430m", "чай"]) == ("Cyrillic", "Latin")


def test_a_member_is_mixed_as_their_name_is():
    assert Member("a", "\u0410nn").mixed_scripts
    assert not Member("a", "Анна").mixed_scripts
