"""The checker against a server that promises nothing: what it finds there is the proof that it can find it here."""

import random

import pytest

from tests.faults import runs
from tests.faults.plain import PlainStage


@pytest.mark.parametrize(
    "name, promises",
    [
        ("names", {"a name owned twice"}),
    ],
)
def test_the_plain_chat_breaks_what_ours_keeps(name, promises):
    seed = random.randrange(10**6)

    report = runs.play(name, seed, is_long=False, kind=PlainStage)

    assert promises <= report.promises.keys(), f"seed {seed}\n{report}"
