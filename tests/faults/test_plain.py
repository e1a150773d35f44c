"""The checker against a server that promises nothing: what it finds there is the proof that it can find it here."""

import random

from tests.faults import runs
from tests.faults.plain import PlainStage


def test_the_plain_chat_lets_a_name_be_owned_twice():
    seed = random.randrange(10**6)

    report = runs.play("names", seed, is_long=False, kind=PlainStage)

    assert "a name owned twice" in report.promises, f"seed {seed}\n{report}"
