"""The attacks do harm where nothing stops them: otherwise that they do none here would prove nothing."""

import pytest

from tests.hostile import plain
from tests.hostile.tutorial import Plain


@pytest.mark.parametrize(
    "row, harm",
    [
        ("5", "answered 101"),
        ("7", "the handler runs"),
        ("9", "NaN goes out"),
        ("12", "heard"),
        ("14", "all let in"),
        ("17", "answered 101"),
    ],
)
def test_the_tutorial_server_is_harmed(tmp_path, row, harm):
    server = Plain(tmp_path)
    try:
        assert plain.ATTACKS[row](server).startswith(harm)
    finally:
        server.stop()
