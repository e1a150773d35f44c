"""A bad line between one client and the server: what it does to each link is drawn from a seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults.frames import Frames, kind

ENDINGS = ("reset", "close", "cut", "hole", "hole up", "hole down", "pause")


@dataclass(frozen=True, slots=True)
class Weather:
    """What a line suffers. Seconds as (least, most).

    lives_s   how long a link lives before it ends in one of `endings`; None: for ever
    endings   reset: both sides at once. close: an orderly end. cut: after some more bytes, in the middle of a frame.
              hole, hole up, hole down: for `hole_s` everything is lost, or everything one way; then a reset.
              pause: for `hole_s` nothing passes, then all of it does, and the link lives on
    lost, repeated   the share of whole frames from the server, by kind: "acks", "pushes"
    """

    lives_s: tuple[float, float] | None = None
    endings: tuple[str, ...] = ("reset", "close", "cut")
    hole_s: tuple[float, float] = (0.5, 3.0)
    cut_bytes: int = 400
    delay_s: tuple[float, float] = (0.0, 0.0)
    lost: Mapping[str, float] = field(default_factory=dict)
    repeated: Mapping[str, float] = field(default_factory=dict)


class Proxy:
    """`port` is where the client connects. `back_at`: when a link that had ended could be made again."""

    def __init__(self, target: int, weather: Weather, rng: random.Random) -> None:
        self.weather = weather
        self.counts: Counter[str] = Counter()
        self.back_at: list[float] = []
        self.port = 0
        self._target = target
        self._rng = rng
        self._links: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for link in self._links:
            link.cancel()
        if self._links:
            await asyncio.wait(self._links)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._links.add(task)
        link = Link(self.weather, random.Random(self._rng.getrandbits(64)), self.counts)
        try:
            ended_badly = await link.carry(reader, writer, self._target)
            if ended_badly:
                self.back_at.append(asyncio.get_running_loop().time())
        except asyncio.CancelledError:
            pass  # the run is over; asyncio's own callback would log it
        finally:
            self._links.discard(task)


class Link:
    """One connection through the proxy, from its beginning to its end."""

    def __init__(self, weather: Weather, rng: random.Random, counts: Counter[str]) -> None:
        self._weather = weather
        self._rng = rng
        self._counts = counts
        # A way that is lost is read and not passed on; in a pause neither way is even read.
        self._lost: set[str] = set()
        self._passes = asyncio.Event()
        self._passes.set()
        self._bytes_left: int | None = None
        self._is_cut = asyncio.Event()

    async def carry(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter, target: int) -> bool:
        """Until it ends. True if the weather ended it, and not one of the two sides."""
        try:
            far, far_out = await asyncio.open_connection("127.0.0.1", target)
        except OSError:
            _reset(near_out)
            return False
        both = (near_out, far_out)
        # One side's end is the other's: nothing here is ever half closed.
        ways = {asyncio.create_task(self._up(near, far_out)), asyncio.create_task(self._down(far, near_out))}
        fate = asyncio.create_task(self._fate())
        try:
            done, _ = await asyncio.wait({*ways, fate}, return_when=asyncio.FIRST_COMPLETED)
            is_ours = fate in done
            for writer in both:
                if is_ours and fate.result() != "close":
                    _reset(writer)
                else:
                    writer.close()
            return is_ours
        finally:
            for task in {*ways, fate}:
                task.cancel()
            await asyncio.wait({*ways, fate})
            for writer in both:
                writer.transport.abort()

    async def _fate(self) -> str:
        """Returns when the link is to end, and how."""
        while True:
            ending = await self._next()
            self._counts[ending] += 1
            hole_s = self._rng.uniform(*self._weather.hole_s)
            if ending == "pause":
                self._passes.clear()
                await asyncio.sleep(hole_s)
                self._passes.set()
                continue
            if ending == "cut":
                self._bytes_left = self._rng.randint(1, self._weather.cut_bytes)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._is_cut.wait(), 2)
            elif ending.startswith("hole"):
                self._lost.update(ending.split()[1:] or ("up", "down"))
                await asyncio.sleep(hole_s)
            return ending

    async def _next(self) -> str:
        """What befalls the link next, when the time has come."""
        if self._weather.lives_s is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(self._rng.uniform(*self._weather.lives_s))
        return self._rng.choice(self._weather.endings)

    async def _up(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._pass(data, sink, "up")

    async def _down(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if self._weather.lost or self._weather.repeated:
                    data = b"".join(map(self._fated, frames.feed(data)))
                await self._pass(data, sink, "down")

    def _fated(self, piece: bytes) -> bytes:
        what = kind(piece)
        self._counts[what] += 1
        if self._rng.random() < self._weather.lost.get(what, 0):
            self._counts[f"{what} lost"] += 1
            return b""
        if self._rng.random() < self._weather.repeated.get(what, 0):
            self._counts[f"{what} repeated"] += 1
            return piece * 2
        return piece

    async def _pass(self, data: bytes, sink: asyncio.StreamWriter, way: str) -> None:
        await self._passes.wait()
        if way in self._lost or self._is_cut.is_set():
            self._counts["bytes lost"] += len(data)
            return
        if self._weather.delay_s[1]:
            await asyncio.sleep(self._rng.uniform(*self._weather.delay_s))
        if self._bytes_left is not None:
            data = data[: self._bytes_left]
            self._bytes_left -= len(data)
        sink.write(data)
        await sink.drain()
        if self._bytes_left == 0:
            self._is_cut.set()


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST, not FIN, as from a router that forgot the link."""
    sock: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
