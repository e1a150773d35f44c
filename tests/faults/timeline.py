"""What one page shows of one room, by the cursor rules of docs/protocol.md. It never asks; it says what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Message = dict[str, Any]


class Timeline:
    """`show(message)` is called whenever a line is added to the page."""

    def __init__(self, show: Callable[[Message], None]) -> None:
        self._show = show
        self._held: dict[int, Message] = {}
        self._head = 0
        self.epoch: str | None = None
        self.seq: int | None = None
        self.lines: dict[int, Message] = {}
        # Ids known to be missing above the first and below the second; filled from the upper end.
        self.gaps: list[tuple[int, int]] = []

    def joining(self) -> dict[str, Any] | None:
        """The cursor to join with. What was held came over another link, and the snapshot covers it."""
        self._held.clear()
        return None if self.seq is None else {"epoch": self.epoch, "seq": self.seq}

    @property
    def lacks_changes(self) -> bool:
        """There is a change above the cursor that has not come."""
        return self.seq is not None and self._head > self.seq

    def joined(self, ack: Message) -> None:
        """The snapshot of `room:join`. Pushes that came before it are applied after it."""
        page = ack["messages"]
        first = min((message["id"] for message in page), default=ack["head"] + 1)
        if ack["reset"]:
            self.lines.clear()
            self.gaps.clear()
            self._head = 0
        if ack["reset"] or not self.seq:
            # Who has read nothing is given the newest page.
            self._lacks(0, first)
        elif not ack["complete"]:
            self._lacks(max(self.lines, default=0), first)
        for message in page:
            self._place(message)
        self.epoch, self.seq = ack["epoch"], max(ack["head"], 0 if ack["reset"] else self.seq or 0)
        self._release()

    def pushed(self, message: Message) -> None:
        """A live change: the next one is shown, an older one dropped, a later one held."""
        self._head = max(self._head, message["seq"])
        if self.seq is None or message["seq"] > self.seq:
            self._held[message["seq"]] = message
            self._release()

    def told_head(self, epoch: str, head: int) -> None:
        if epoch == self.epoch:
            self._head = max(self._head, head)

    def changed(self, page: Message) -> None:
        """Changes after the cursor, from `history:fetch`."""
        for message in page["messages"]:
            self._place(message)
            self.seq = max(self.seq or 0, message["seq"])
        if not page["more"]:
            self.seq = max(self.seq or 0, page["head"])
        self._release()

    def older(self, gap: tuple[int, int], page: Message) -> None:
        """The page before a gap's upper end, from `history:fetch`."""
        self.gaps.remove(gap)
        for message in page["messages"]:
            self._place(message)
        first = min((message["id"] for message in page["messages"]), default=0)
        if page["more"]:
            self._lacks(gap[0], first)

    def _lacks(self, above: int, below: int) -> None:
        if below - above > 1:
            self.gaps.append((above, below))

    def _release(self) -> None:
        if self.seq is None:
            return
        for seq in [seq for seq in self._held if seq <= self.seq]:
            del self._held[seq]
        while message := self._held.pop(self.seq + 1, None):
            self._place(message)
            self.seq += 1

    def _place(self, message: Message) -> None:
        known = self.lines.get(message["id"])
        if known is None:
            self._show(message)
        if known is None or known["seq"] <= message["seq"]:
            self.lines[message["id"]] = message
