"""People talk, for some seconds: what arrived, how late, and what it cost the server and us."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass

from bench.load import Load
from bench.pairs import Pair
from bench.servers import ALL_MAY_ENTER, Server

WARM_UP_S = 1.0


@dataclass(frozen=True)
class Talk:
    """rooms × members; either `window` messages in flight or `per_s` a second."""

    rooms: int
    members: int
    window: int = 0
    per_s: float = 0

    def measure(self, server: Server | Pair, seconds: float) -> dict[str, float]:
        server.start(**ALL_MAY_ENTER)
        load = Load(server.ports, server.wire())
        try:
            people = load.people(self.rooms, self.members)
            load.bring(people)
            load.listen(people)
            # Round by round through the rooms, so that neighbours in time are strangers.
            speakers = [people[room * self.members + n] for n in range(self.members) for room in range(self.rooms)]
            gc.freeze()
            gc.disable()
            if self.window:
                load.window(speakers, self.window)
            else:
                load.pace(speakers, self.per_s)
            load.run(WARM_UP_S)
            found = _over(load, server, seconds)
            return found | {"missing": load.hush()}
        finally:
            gc.enable()
            gc.unfreeze()
            load.close()
            server.stop()


def _over(load: Load, server: Server | Pair, seconds: float) -> dict[str, float]:
    load.delays_s.clear()
    load.ack_delays_s.clear()
    delivered, acked = load.delivered, load.acked
    cpu_s, own_s = server.cpu_s(), time.process_time()
    others_s = server.others_s() if isinstance(server, Server) else None
    began = time.perf_counter()
    load.run(seconds)
    took_s = time.perf_counter() - began
    own_s, cpu_s = time.process_time() - own_s, server.cpu_s() - cpu_s
    delivered, acked = load.delivered - delivered, load.acked - acked
    shares = {"others": max((server.others_s() - others_s) / took_s, 0.0)} if others_s is not None else {}
    delays, acks = sorted(load.delays_s), sorted(load.ack_delays_s)
    return {
        "deliveries_per_s": delivered / took_s,
        "messages_per_s": acked / took_s,
        "us_per_delivery": cpu_s / max(delivered, 1) * 1e6,
        "cpu": cpu_s / took_s,
        "p50_ms": at(delays, 0.50) * 1e3,
        "p99_ms": at(delays, 0.99) * 1e3,
        "ack_p50_ms": at(acks, 0.50) * 1e3,
        "ack_p99_ms": at(acks, 0.99) * 1e3,
        "load": own_s / took_s,
    } | shares


def at(ordered: list[float], part: float) -> float:
    """The value below which `part` of them are; NaN for none."""
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("nan")
