"""Addresses as people type them, text of strangers made fit for a screen, and the outbox on disk."""

import stat
import subprocess
import sys

import pytest
from filelock import Timeout

from clients import address, folders, lines, safe
from clients.outbox import Outbox
from tests.live import ROOT


@pytest.mark.parametrize(
    "typed, server, room",
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", None),
        (" localhost:8000 ", "http://localhost:8000", None),
        ("192.168.1.5:8000", "http://192.168.1.5:8000", None),
        ("chat.example.org", "https://chat.example.org", None),
        ("chat.example.org:8000", "http://chat.example.org:8000", None),
        ("HTTPS://Chat.Example.org/", "https://chat.example.org", None),
        ("http://[::1]:8000", "http://[::1]:8000", None),
        ("http://127.0.0.1:8000/r/tea-party", "http://127.0.0.1:8000", "tea-party"),
        ("http://127.0.0.1:8000/r/%D1%87%D0%B0%D0%B9", "http://127.0.0.1:8000", "чай"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed, server, room):
    assert address.parse(typed) == address.Address(server, room)


@pytest.mark.parametrize(
    "typed",
    ["", "a b", "ftp://x", "http://", "http://x:99999", "http://x/y", "http://u:p@x", "http://x/r/", "x\n", "http://["],
)
def test_a_wrong_address_is_one_sentence(typed):
    with pytest.raises(address.WrongAddress) as no:
        address.parse(typed.replace("\n", "\ny"))
    assert str(no.value).endswith(".")
    assert "\n" not in str(no.value)


@pytest.mark.parametrize(
    "raw, shown",
    [
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("bell\x07", "bell␇"),
        ("\x9b31m", "\ufffd31m"),
        ("\x7f", "␡"),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("over\rwritten", "over␍written"),
        ("two\r\nlines", "two\nlines"),
        ("a\tb", "a    b"),
        ("\u2028", "\ufffd"),
        ("👩\u200d🚀 é שלום", "👩\u200d🚀 é שלום"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
    ],
)
def test_text_of_strangers_moves_nothing_on_the_screen(raw, shown):
    assert safe.text(raw) == shown


@pytest.mark.parametrize(
    "kind, name, shown",
    [
        ("text", "Ann", "Ann: hi"),
        ("notice", "Operator", "! Operator: hi"),
        ("text", "! Boss", '"! Boss": hi'),
        ("action", "* Ann", '* "* Ann" hi'),
    ],
)
def test_no_name_passes_for_the_sign_of_another_kind(kind, name, shown):
    assert lines.plain(lines.Line("m1", kind, "hi", "12:00", name)) == f"[12:00] {shown}"


def test_a_name_is_one_line():
    assert safe.line("a\nb") == "a b"


def test_every_control_character_is_neutralised():
    every = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x200E, 0x2010), *range(0x2028, 0x202F), 0x61C]))

    assert not set(safe.line(every)) & set(every) - {" ", "\u202f"}


def test_the_outbox_keeps_the_order_of_each_room_over_a_restart(tmp_path):
    box = Outbox(tmp_path)
    for body in ("one", "two", "three"):
        box.add("tea", body)
    box.add("other", "elsewhere")

    again = Outbox(tmp_path)

    assert [entry.body for entry in again.waiting("tea")] == ["one", "two", "three"]
    first = again.first("tea", "me")
    assert first.body == "one"
    again.remove(first.client_id)
    assert again.first("tea", "me").body == "two"


def test_what_another_identity_wrote_is_not_sent_in_my_name(tmp_path):
    box = Outbox(tmp_path)
    box.add("tea", "one")
    box.belong_to("ann")

    box.belong_to("somebody else")

    assert box.first("tea", "somebody else") is None
    (entry,) = box.waiting("tea")
    assert entry.code == "other_member"
    box.retry("tea", "somebody else")
    again = box.first("tea", "somebody else")
    assert (again.body, again.client_id == entry.client_id) == ("one", False)


def test_a_refused_message_lets_the_next_one_pass_and_can_go_again(tmp_path):
    box = Outbox(tmp_path)
    refused, _ = box.add("tea", "one"), box.add("tea", "two")
    box.refuse(refused.client_id, "body_too_long", "Too long.")
    assert box.first("tea", "me").body == "two"

    assert box.retry("tea", "me") == 1
    assert box.first("tea", "me").client_id == refused.client_id

    box.refuse(refused.client_id, "body_too_long", "Too long.")
    assert box.discard("tea") == 1
    assert [entry.body for entry in box.waiting("tea")] == ["two"]


def test_one_program_sends_and_its_death_frees_the_next(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from clients.outbox import Outbox\n"
        "with Outbox(Path(sys.argv[1])).sender('tea'):\n    print('mine', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "mine\n"
    box = Outbox(tmp_path)

    with pytest.raises(Timeout), box.sender("tea"):
        pass
    with box.sender("another room"):
        pass

    other.kill()
    other.communicate()
    with box.sender("tea"):
        pass


def test_what_a_client_keeps_is_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("CHATROOM_FOLDER", str(tmp_path / "mine"))
    folder = folders.of_server(folders.home(), "https://chat.example.org:8000")
    folders.write(folder / "token", "secret")

    assert folder == tmp_path / "mine" / "https_chat.example.org_8000"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folders.home().stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "token").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["token"]
