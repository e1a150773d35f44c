"""How often somebody may do something: so many at once, then one by one at the same pace.

Everything a client can do is counted for the member. What it costs, in points, is also taken from what the connection,
the address and the room may use up in all: a member's own limit ends first, and the others stand against crowds.

Our own, because the libraries count by the wall clock, and a clock set back by an hour would refuse for an hour.
source  the generic cell rate algorithm (ITU-T I.371)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from app.chat.refusals import TooFast
from app.config import Settings

WINDOW_S: Final = 10
KEPT: Final = 10_000


class Allowance:
    """`count` each `window_s` seconds, for anybody by name. clock: seconds, monotonic"""

    def __init__(self, count: int, window_s: float, clock: Callable[[], float], said: str = TooFast.said) -> None:
        self._interval_s = window_s / count
        self._window_s = window_s
        self._most_s = window_s * 1.000001
        self._clock = clock
        self._said = said
        # By name: when all that was spent is earned again. A moment that has passed is as good as no entry.
        self._settled_at: dict[str, float] = {}
        self._tidied_at = KEPT
        # By name: what was spent and not yet taken. None where nobody takes it.
        self._spent: dict[str, int] | None = None

    def spend(self, who: str) -> None:
        """refuses TooFast, saying when the next one is earned"""
        now = self._clock()
        self.settle(who, 1, self.after(who, 1, now), now)

    def after(self, who: str, cost: int, now: float) -> float:
        """When all would be earned again if `cost` were spent now. Nothing is spent yet. refuses TooFast"""
        settled_at = self._settled_at.get(who, now)
        if settled_at < now:
            settled_at = now
        settled_at += cost * self._interval_s
        if settled_at - now > self._most_s:
            raise TooFast(math.ceil((settled_at - self._window_s - now) * 1000), self._said)
        return settled_at

    def settle(self, who: str, cost: int, settled_at: float, now: float) -> None:
        """Spend what `after` was asked about."""
        self._settled_at[who] = settled_at
        if self._spent is not None:
            self._spent[who] = self._spent.get(who, 0) + cost
        if len(self._settled_at) > self._tidied_at:
            self._settled_at = {name: at for name, at in self._settled_at.items() if at > now}
            # Not again before as many have come as are live: tidying costs each of them little, however many they are.
            self._tidied_at = max(KEPT, 2 * len(self._settled_at))

    def take_spent(self) -> dict[str, float]:
        """By name: how many seconds it takes to earn again what was spent since this was last asked; first, nothing."""
        spent, self._spent = self._spent or {}, {}
        return {who: cost * self._interval_s for who, cost in spent.items() if cost}

    def learn(self, who: str, settled_at: float) -> None:
        """When all is earned again that was taken so far, and that others spent."""
        if self._spent:
            settled_at += self._spent.get(who, 0) * self._interval_s
        if settled_at > self._settled_at.get(who, 0.0):
            self._settled_at[who] = settled_at


class RateLimits:
    """Each verb is counted for who does it, and has a price that all who stand behind it pay together."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        def each(count: int, said: str = TooFast.said) -> Allowance:
            return Allowance(count, WINDOW_S, clock, said)

        joins, opens = each(settings.joins_per_10s), each(settings.rooms_per_10s)
        self._clock = clock
        self._verbs = {
            "message": (each(settings.messages_per_10s), settings.message_cost),
            "join": (joins, settings.join_cost),
            "leave": (joins, settings.leave_cost),
            "rename": (each(settings.renames_per_10s), settings.rename_cost),
            "read": (each(settings.reads_per_10s), settings.read_cost),
            "typing": (each(settings.typing_per_10s), settings.typing_cost),
            "open": (opens, settings.open_cost),
            "draw": (opens, settings.open_cost),
            "guess": (each(settings.guesses_per_10s), settings.page_cost),
            "operate": (each(settings.operator_per_10s), 0),
        }
        self._page_cost = settings.page_cost
        self._connections = each(settings.connection_points_per_10s)
        self._addresses = each(
            settings.address_points_per_10s, "Too much comes from your network just now. Wait a moment and try again."
        )
        self._rooms = each(
            settings.room_points_per_10s, "Too much happens in this room just now. Wait a moment and try again."
        )
        named = {allowance: verb for verb, (allowance, _) in self._verbs.items()}
        named |= {self._addresses: "address", self._rooms: "room"}
        # What may be counted over several processes, each under one name. A connection is in one alone.
        self.shareable = {name: allowance for allowance, name in named.items()}

    def spend(
        self, verb: str, who: str, connection: str | None = None, address: str | None = None, room: str | None = None
    ) -> None:
        """Taken from all that are named, or from none of them. refuses TooFast"""
        counted, cost = self._verbs[verb]
        now = self._clock()
        own = counted.after(who, 1, now)
        connections = self._connections.after(connection, cost, now) if connection else 0.0
        addresses = self._addresses.after(address, cost, now) if address else 0.0
        if room:
            self._rooms.settle(room, cost, self._rooms.after(room, cost, now), now)
        # Nobody refused: only now is it spent.
        counted.settle(who, 1, own, now)
        if connection:
            self._connections.settle(connection, cost, connections, now)
        if address:
            self._addresses.settle(address, cost, addresses, now)

    def spend_page(self, address: str) -> None:
        """A page of ours, whoever it is for. refuses TooFast"""
        now, cost = self._clock(), self._page_cost
        self._addresses.settle(address, cost, self._addresses.after(address, cost, now), now)
