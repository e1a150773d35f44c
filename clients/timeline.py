"""What one room has said, by the cursor rules of docs/protocol.md. It never asks; it says what it lacks."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from typing import Literal

from app.protocol import HistoryPage, RoomHead, RoomJoined, WireMessage


class Timeline:
    """A stretch of messages without a hole that reaches up to `seq`. Numbers that come too early wait until it does."""

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.seq = 0
        self.has_older = False
        # The log, and its last message when it was first seen.
        self.before: tuple[str, int] | None = None
        self._messages: dict[int, WireMessage] = {}
        self._order: list[int] = []
        self._early: dict[int, WireMessage] = {}
        self._head = 0

    def cursor(self) -> dict[str, str | int] | None:
        """`since` of room:join; None before the first snapshot."""
        return None if self.epoch is None else {"epoch": self.epoch, "seq": self.seq}

    def joined(self, ack: RoomJoined) -> Literal["reset", "cut"] | None:
        """The snapshot of room:join. What it replaced: `reset`, all belonged to another log; `cut`, too much was missed
        and the newest page stands alone.
        """
        was_known = self.epoch is not None
        if not was_known or ack.reset:
            self.before = ack.epoch, ack.messages[-1].id if ack.messages else 0
        self._early.clear()  # came over another link, and the snapshot covers it
        if ack.reset or not ack.complete or not self._order:
            self._clear()
            self.has_older = bool(ack.messages) and ack.messages[0].id > 1
        self._place(ack.messages)
        self.epoch, self.seq, self._head = ack.epoch, ack.head, ack.head
        if not was_known:
            return None
        return "reset" if ack.reset else "cut" if not ack.complete else None

    def pushed(self, message: WireMessage) -> None:
        """A live change: the next one is shown, a later one waits, an earlier one is known."""
        self._head = max(self._head, message.seq)
        if message.seq > self.seq:
            self._early[message.seq] = message
            self._advance()

    def told(self, beacon: RoomHead) -> bool:
        """The newest number there is. False when it is of another log: join again."""
        if beacon.epoch != self.epoch:
            return False
        self._head = max(self._head, beacon.head)
        return True

    @property
    def lacks(self) -> bool:
        """Something above `seq` was said and has not come: fetch the changes after it."""
        return self.epoch is not None and self._head > self.seq

    def changed(self, page: HistoryPage) -> bool:
        """The changes after `seq`. False when they are of another log: join again."""
        if page.epoch != self.epoch:
            return False
        self._place(page.messages)
        self.seq = max([self.seq, *(message.seq for message in page.messages)])
        if not page.more:
            self.seq = max(self.seq, page.head)
        self._advance()
        return True

    @property
    def first(self) -> int | None:
        return self._order[0] if self._order else None

    def older(self, before: int, page: HistoryPage) -> bool:
        """The page that ends before message `before`. False when it is of another log."""
        if page.epoch != self.epoch:
            return False
        if before == self.first:
            self.has_older = False
            self._place(page.messages)
            self.has_older = page.more
        return True

    def trim(self, most: int) -> None:
        """Forget all but the newest `most`: they can be read again."""
        if len(self._order) > most:
            for id_ in self._order[:-most]:
                del self._messages[id_]
            self._order = self._order[-most:]
            self.has_older = True

    def messages(self) -> tuple[WireMessage, ...]:
        return tuple(self._messages[id_] for id_ in self._order)

    def _advance(self) -> None:
        self._early = {seq: message for seq, message in self._early.items() if seq > self.seq}
        while message := self._early.pop(self.seq + 1, None):
            self._place([message])
            self.seq += 1

    def _place(self, messages: Iterable[WireMessage]) -> None:
        for message in messages:
            known = self._messages.get(message.id)
            if known is None:
                # Changed, but from a time that is not on the screen.
                if self.has_older and self._order and message.id < self._order[0]:
                    continue
                insort(self._order, message.id)
            if known is None or known.seq <= message.seq:
                self._messages[message.id] = message

    def _clear(self) -> None:
        self._messages.clear()
        self._order.clear()
        self.has_older = False
