"""Who somebody is to others."""

from __future__ import annotations

from dataclasses import dataclass

from app.chat import scripts


@dataclass(frozen=True, slots=True)
class Member:
    """`id` is public and stays the same for one browser or client; `name` is what they are called in one room."""

    id: str
    name: str

    @property
    def mixed_scripts(self) -> tuple[str, ...]:
        """The alphabets of a name that mixes what no language mixes, and so may imitate another; none for most."""
        return scripts.mixed(self.name)
