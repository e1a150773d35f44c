"""What a person answered the last time, so that nobody is asked twice."""

from __future__ import annotations

from pathlib import Path

import msgspec

from clients import folders


class Answers(msgspec.Struct, frozen=True):
    """Where somebody talks, and as whom. Empty: never answered."""

    address: str = ""
    room: str = ""
    name: str = ""


def read(home: Path) -> Answers:
    try:
        return msgspec.json.decode((home / "answers.json").read_bytes(), type=Answers)
    except (OSError, msgspec.DecodeError):
        return Answers()


def keep(home: Path, answers: Answers) -> None:
    folders.write(home / "answers.json", msgspec.json.encode(answers).decode())
