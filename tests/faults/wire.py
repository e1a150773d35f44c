"""One connection of the wire, spoken by hand: Engine.IO and Socket.IO packets in WebSocket text frames."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

OPEN_WITHIN_S = 6.0


class Lost(Exception):
    """The link ended, or never began."""


class NoAnswer(Exception):
    """Nothing came back in time. It may have been done, or not."""


class TurnedAway(Exception):
    """The server answered CONNECT with a refusal."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("code"))
        self.error = error


class Connection:
    """`hear(event, payload)` is called for each push, in order, at once; `ask` gives the ack of an event."""

    def __init__(self, socket: ClientConnection, hear: Callable[[str, Any], None]) -> None:
        self._socket = socket
        self._hear = hear
        self._acks: dict[int, tuple[asyncio.Future[Any], Callable[[Any], None]]] = {}
        self._asked = 0
        self._silence_s = OPEN_WITHIN_S
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read())
        self.why = ""

    @classmethod
    async def open(cls, port: int, hear: Callable[[str, Any], None], auth: dict[str, Any] | None) -> Connection:
        """fails Lost; refuses TurnedAway"""
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        # The library's own pings and compression are no part of our wire.
        options: dict[str, Any] = {"ping_interval": None, "compression": None, "max_size": None, "proxy": None}
        try:
            socket = await connect(url, open_timeout=OPEN_WITHIN_S, close_timeout=0.5, **options)
        except (OSError, WebSocketException, EOFError) as error:
            raise Lost(type(error).__name__) from None
        self = cls(socket, hear)
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                await self._send("40" + (json.dumps(auth) if auth else ""))
                await asyncio.shield(self._connected)
        except TimeoutError:
            self.abort()
            raise Lost("no CONNECT") from None
        except BaseException:
            self.abort()
            raise
        return self

    async def ask(
        self, event: str, payload: Any, within_s: float, at_once: Callable[[Any], None] = lambda answer: None
    ) -> Any:
        """The ack. `at_once` is called with it at its place in the stream, before any later push is heard.

        fails  NoAnswer, Lost
        """
        self._asked += 1
        number = self._asked
        answer = asyncio.get_running_loop().create_future()
        self._acks[number] = (answer, at_once)
        try:
            async with asyncio.timeout(within_s):
                await self._send(f"42{number}" + msgspec.json.encode([event, payload]).decode())
                return await answer
        except TimeoutError:
            raise NoAnswer(event) from None
        finally:
            self._acks.pop(number, None)

    async def ended(self) -> None:
        """Returns when the link is gone."""
        await asyncio.wait([self._reader])

    def abort(self) -> None:
        """As a process that died: no word to the server."""
        self._socket.transport.abort()
        self._reader.cancel()
        self._finish("aborted")

    async def _send(self, text: str) -> None:
        if self._reader.done():
            raise Lost(self.why)
        try:
            await self._socket.send(text)
        except (OSError, WebSocketException):
            raise Lost("closed while sending") from None

    async def _read(self) -> None:
        why = "closed"
        try:
            while True:
                async with asyncio.timeout(self._silence_s):
                    text = await self._socket.recv()
                await self._take(str(text))
        except TimeoutError:
            why = "silent"
            self._socket.transport.abort()
        except (OSError, WebSocketException, Lost):
            pass
        finally:
            self._finish(why)

    async def _take(self, text: str) -> None:
        match text[:2]:
            case "42":
                self._hear(*msgspec.json.decode(text[2:]))
            case "43":
                start = text.index("[")
                # An ack that comes twice, or too late, is nobody's.
                future, at_once = self._acks.pop(int(text[2:start]), (None, None))
                if future and at_once and not future.done():
                    answer = msgspec.json.decode(text[start:])[0]
                    at_once(answer)
                    future.set_result(answer)
            case "40":
                self._connected.set_result(None)
            case "44":
                refusal = msgspec.json.decode(text[2:])
                self._connected.set_exception(TurnedAway(refusal.get("data") or refusal))
            case "41" | "1":
                raise Lost("sent away")
            case "2":
                await self._send("3")
            case _ if text.startswith("0{"):
                hello = msgspec.json.decode(text[1:])
                self._silence_s = (hello["pingInterval"] + hello["pingTimeout"]) / 1000

    def _finish(self, why: str) -> None:
        self.why = self.why or why
        for future in [self._connected, *(future for future, _ in self._acks.values())]:
            if not future.done():
                future.set_exception(Lost(self.why))
                future.exception()  # looked at: whoever waited may be gone, and asyncio would complain
