"""What deploy/ and .env.example set is what the program takes."""

import re

import pytest

from app import config
from tests.live import ROOT

EXAMPLE = ROOT / ".env.example"
# Without these somebody would not know how to begin.
NEEDED = {
    "CHAT_HOST", "CHAT_PORT", "CHAT_PUBLIC_URL", "CHAT_DATA", "CHAT_SECRET", "CHAT_DATABASE_URL", "CHAT_REDIS_URL",
    "CHAT_WORKERS", "CHAT_TRUSTED_PROXIES", "CHAT_IS_HTTPS", "CHAT_CONNECTIONS", "CHAT_LOG_LEVEL", "CHAT_LOG_FORMAT",
}  # fmt: skip


def examples():
    return dict(re.findall(r"^#(\w+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE))


def test_the_example_sets_nothing_until_somebody_does():
    lines = [line for line in EXAMPLE.read_text("utf-8").splitlines() if line]

    assert all(line.startswith("#") for line in lines)


def test_every_line_of_the_example_could_be_taken_as_it_stands():
    ours = {name: value for name, value in examples().items() if name.startswith("CHAT_")}

    assert ours.keys() >= NEEDED
    config.read(ours)


@pytest.mark.parametrize("path", sorted((ROOT / "deploy").rglob("*.*")), ids=lambda path: path.name)
def test_every_setting_that_a_file_names_is_one(path):
    known = {name for name, *_ in config.described(config.Settings())}

    assert set(re.findall(r"\bCHAT_[A-Z0-9_]+\b", path.read_text("utf-8"))) <= known
