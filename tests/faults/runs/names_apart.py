"""One name, claimed in three processes at once, and a thief in another process than the owner's."""

from tests.faults.runs.names import run
from tests.faults.wide import WideStage

__all__ = ["STAGE", "run"]

STAGE = WideStage
