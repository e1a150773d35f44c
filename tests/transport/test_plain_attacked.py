"""The attacks do harm where nothing stops them: otherwise that they do none here would prove nothing."""

import pytest

from tests.hostile import plain
from tests.hostile.rooms import room_names
from tests.hostile.tutorial import Plain

ROOMS = len(set(room_names()))


@pytest.mark.parametrize(
    "row, harm",
    [
        ("5", "answered 101"),
        ("7", "the handler runs"),
        ("9", "NaN goes out"),
        ("12", "heard"),
        ("13", f"{ROOMS} rooms for {ROOMS} names"),
        ("14", "all let in"),
        ("15", "317 of 317 handed on whole"),
        ("16", "no rule: 5 of 5"),
        ("17", "answered 101"),
        ("18", "the thief wins 100 of 100"),
        ("20", "no ids: one message sent twice is told 2 times; who joins again as Ann speaks as Ann"),
        ("21", "no log: 3 traces"),
    ],
)
def test_the_tutorial_server_is_harmed(tmp_path, row, harm):
    server = Plain(tmp_path)
    try:
        assert plain.ATTACKS[row](server).startswith(harm)
    finally:
        server.stop()
