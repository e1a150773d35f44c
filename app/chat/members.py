"""Who somebody is to others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """`id` is public and stays the same for one browser or client; `name` is what they are called in one room."""

    id: str
    name: str
