"""A page that lost, doubled and reordered pushes, and came back at any number, shows what a fresh page shows.

Against the real store and the real use cases, with small limits, so that every branch of joining is walked.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.chat.service import Chat, Limits
from app.presence.memory import MemoryPresence
from app.store import open_store, sqlite_url
from app.web import wire
from tests.faults.stage import Stage
from tests.faults.timeline import Message, Timeline

READERS = 3
STEPS_EACH = 50
LIMITS = Limits(history_page=3, resume_changes=5)
who = st.integers(0, READERS - 1)


class Page:
    """A reader: its timeline, what lies on its line, and how often each number was put on the page."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.timeline = Timeline(lambda message: self.shown.append(message["id"]))
        self.line: list[Message] = []


def machine(chat: Chat, steps: list[int]) -> type[RuleBasedStateMachine]:
    """A room of its own for each example, in the one store."""

    class Room(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.room = f"room-{secrets.token_hex(8)}"
            self.said: list[tuple[str, str]] = []
            self.pages = [Page() for _ in range(READERS)]
            chat.join(self.room, "ann", "Ann", "connection")
            for page in self.pages:
                self._join(page)

        @invariant()
        def count(self) -> None:
            steps[0] += 1

        @rule(count=st.integers(1, 7))
        def say(self, count: int) -> None:
            for _ in range(count):
                self.said.append((secrets.token_hex(16), f"line {len(self.said)}"))
                self._say(*self.said[-1])

        @rule(data=st.data())
        def say_again(self, data: st.DataObject) -> None:
            if self.said:
                self._say(*data.draw(st.sampled_from(self.said)))

        @rule(reader=who, data=st.data())
        def hear(self, reader: int, data: st.DataObject) -> None:
            """Any push on the line, in any order; one that is kept comes again."""
            page = self.pages[reader]
            if page.line:
                place = data.draw(st.integers(0, len(page.line) - 1))
                page.timeline.pushed(page.line[place])
                if data.draw(st.booleans()):
                    del page.line[place]

        @rule(reader=who)
        def lose_all(self, reader: int) -> None:
            self.pages[reader].line.clear()

        @rule(reader=who)
        def come_back(self, reader: int) -> None:
            self.pages[reader].line.clear()
            self._join(self.pages[reader])

        @rule(reader=who, ahead=st.integers(0, 3))
        def come_back_from_another_log(self, reader: int, ahead: int) -> None:
            timeline, page = self.pages[reader].timeline, self.pages[reader]
            if timeline.seq:
                timeline.epoch, timeline.seq = "another", timeline.seq + ahead
                page.shown.clear()
                self._join(page)

        @rule(reader=who)
        def read_all(self, reader: int) -> None:
            page, fresh = self.pages[reader], Page()
            self._join(fresh)
            page.timeline.told_head(str(fresh.timeline.epoch), fresh.timeline.seq or 0)
            for each in (page, fresh):
                self._heal(each.timeline)

            expected = [body for _, body in self.said]
            for each in (page, fresh):
                assert [message["body"] for _, message in sorted(each.timeline.lines.items())] == expected
                assert len(each.shown) == len(set(each.shown)), "shown twice"
            assert page.timeline.seq == fresh.timeline.seq

        def _say(self, client_id: str, body: str) -> None:
            message, facts = chat.say(self.room, "ann", body, client_id)
            for page in self.pages if facts else ():
                page.line.append(plain(wire.message(message, own=False)))

        def _join(self, page: Page) -> None:
            since = page.timeline.joining()
            snapshot = chat.snapshot(self.room, (since["epoch"], since["seq"]) if since else None)
            me = chat.members(self.room)[0]
            page.timeline.joined(plain(wire.room_joined(snapshot, me, is_crowd=False)))

        def _heal(self, timeline: Timeline) -> None:
            while timeline.lacks_changes:
                found = chat.history(self.room, None, timeline.seq, 2)
                timeline.changed(plain(wire.history_page(found, None)))
            while timeline.gaps:
                found = chat.history(self.room, timeline.gaps[-1][1], None, 2)
                timeline.older(timeline.gaps[-1], plain(wire.history_page(found, None)))

    return Room


async def run(stage: Stage) -> None:
    """20,000 steps."""
    least, steps = stage.choose(1000, 20_000), [0]
    store = open_store(sqlite_url(stage.folder))
    chat = Chat(store, MemoryPresence(time.monotonic, 4, 120, 5000), LIMITS)
    plan = settings(
        max_examples=2 * least // STEPS_EACH,
        stateful_step_count=STEPS_EACH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(with_seed(stage.report.seed)(machine(chat, steps)), settings=plan)
    except AssertionError as broken:
        stage.report.broken.append(f"a page unlike a fresh one: {broken}")
    finally:
        store.close()
    stage.report.hold("steps", steps[0], at_least=least)


def plain(value: msgspec.Struct) -> Any:
    return msgspec.to_builtins(value)
