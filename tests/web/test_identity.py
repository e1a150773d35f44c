import errno
import stat
import string
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.web.identity import Identity, read_or_make_key


def test_a_token_is_ours_only_if_we_made_it():
    ours, other = Identity(b"k" * 32), Identity(b"x" * 32)
    token = ours.new_token()

    assert ours.is_ours(token)
    assert not ours.is_ours(other.new_token())
    for forged in (None, "", 7, "a" * 32, token + ".x"):
        assert not ours.is_ours(forged)


def test_no_other_way_to_write_a_token_is_ours():
    identity = Identity(b"k" * 32)
    token = identity.new_token()

    letters = set(string.ascii_letters + string.digits + "-_=")
    others = {token[:place] + letter + token[place + 1 :] for place in range(len(token)) for letter in letters}
    others |= {token + letter for letter in letters}
    assert [other for other in others - {token} if identity.is_ours(other)] == []


def test_an_id_is_stable_public_and_tells_nothing_of_the_token():
    identity = Identity(b"k" * 32)
    token = identity.new_token()

    assert identity.member_id(token) == identity.member_id(token)
    assert identity.member_id(token) != identity.member_id(identity.new_token())
    assert token[:8] not in identity.member_id(token)
    assert identity.member_id(token) != Identity(b"x" * 32).member_id(token)


def test_a_browser_keeps_the_token_of_its_cookie_and_a_made_up_one_is_replaced():
    identity = Identity(b"k" * 32)
    session = {"token": "made-up"}

    member_id = identity.of_browser(session)

    assert session["token"] != "made-up"
    assert identity.of_browser(session) == member_id


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    key = read_or_make_key(tmp_path)

    assert read_or_make_key(tmp_path) == key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_an_empty_key_from_a_start_that_failed_is_made_anew(tmp_path):
    (tmp_path / "secret.key").touch()

    key = read_or_make_key(tmp_path)

    assert len(key) == 64
    assert read_or_make_key(tmp_path) == key


def test_a_full_disk_leaves_no_half_a_key(tmp_path, monkeypatch):
    def no_space(_fd):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("os.fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            read_or_make_key(tmp_path)

    assert not (tmp_path / "secret.key").exists()
    assert len(read_or_make_key(tmp_path)) == 64


def test_however_many_start_at_once_there_is_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        for number in range(20):
            folder = tmp_path / str(number)
            folder.mkdir()

            keys = set(pool.map(read_or_make_key, [folder] * 16))

            assert keys == {(folder / "secret.key").read_bytes()}
