"""Between the processes and Redis: what is published is lost, told twice or told late on its way to who listens."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chances:
    """Of each thing published, to each who listens. Late: by up to so many seconds, after what was said later."""

    lost: float = 0.0
    repeated: float = 0.0
    late: float = 0.0
    late_s: float = 3.0


class BellProxy:
    """`port` leads to the Redis at `target`. `counts` tells what was done to how many."""

    def __init__(self, target: int, chances: Chances, rng: random.Random) -> None:
        self.port = 0
        self.counts: Counter[str] = Counter()
        self._target = target
        self._chances = chances
        self._rng = rng
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._late: set[asyncio.TimerHandle] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for each in (*self._late, *self._links):
            each.cancel()

    def _accept(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        link = asyncio.get_running_loop().create_task(self._serve(near, to_near))
        self._links.add(link)
        link.add_done_callback(self._links.discard)

    async def _serve(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            far, to_far = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_near.close()
            return
        ways = [asyncio.create_task(_copy(near, to_far)), asyncio.create_task(self._tell(far, to_near))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for writer in (to_near, to_far):
                writer.close()

    async def _tell(self, far: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        while True:
            reply = await _reply(far)
            if b"\r\nsmessage\r\n" not in reply[:30]:
                to_near.write(reply)
            else:
                self._pass(reply, to_near)
            await to_near.drain()

    def _pass(self, bell: bytes, to_near: asyncio.StreamWriter) -> None:
        chance = self._rng.random()
        self.counts["bells"] += 1
        what = ""
        for each in ("lost", "repeated", "late"):
            chance -= getattr(self._chances, each)
            if chance < 0:
                what = each
                self.counts[what] += 1
                break
        if what == "late":
            after_s = self._rng.uniform(0, self._chances.late_s)
            self._late.add(asyncio.get_running_loop().call_later(after_s, _write, to_near, bell))
        elif what != "lost":
            to_near.write(2 * bell if what == "repeated" else bell)


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def _reply(reader: asyncio.StreamReader) -> bytes:
    """One whole answer, as it came. source: the Redis serialization protocol, versions 2 and 3"""
    line = await reader.readuntil(b"\r\n")
    kind, rest = line[:1], line[1:-2]
    if kind in b"$=!" and rest != b"-1":
        return line + await reader.readexactly(int(rest) + 2)
    if kind in b"*>~%" and rest != b"-1":
        count = int(rest) * (2 if kind == b"%" else 1)
        return line + b"".join([await _reply(reader) for _ in range(count)])
    return line
