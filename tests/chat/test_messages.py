import pytest

from app.chat import messages
from app.chat.refusals import BodyEmpty, BodyTooLong, PayloadInvalid


@pytest.mark.parametrize(
    "raw, kind, body",
    [
        ("hello", "text", "hello"),
        ("one\r\ntwo\rthree\n", "text", "one\ntwo\nthree"),
        ("\n  indented", "text", "  indented"),
        ("/me waves", "action", "waves"),
        ("/meow", "text", "/meow"),
        ("<img src=x onerror=alert(1)>", "text", "<img src=x onerror=alert(1)>"),
    ],
)
def test_a_body_is_kept_as_written_but_for_its_ends(raw, kind, body):
    assert messages.clean_body(raw) == (kind, body)


@pytest.mark.parametrize("raw", ["", " \n\t ", "/me ", "/me   "])
def test_nothing_is_not_a_message(raw):
    with pytest.raises(BodyEmpty):
        messages.clean_body(raw)


def test_a_body_is_refused_rather_than_cut():
    assert messages.clean_body("x" * 5000)[1] == "x" * 5000

    with pytest.raises(BodyTooLong, match="5,001"):
        messages.clean_body("x" * 5001)


@pytest.mark.parametrize("raw", ["a\x00b", "a\ud800b"])
def test_what_no_database_holds_is_refused(raw):
    with pytest.raises(PayloadInvalid):
        messages.clean_body(raw)
