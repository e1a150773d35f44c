"""One connection to a server, from the handshake to its end. Coming back is for clients.connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any, TypeVar

import aiohttp
import msgspec
import socketio

from app import protocol

OPENS_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 10.0
_PASSING = frozenset({"too_fast", "unavailable", "not_in_room"})
# What stands before a server answers so while the server itself is away.
_GATEWAY = frozenset({429, 500, 502, 503, 504})

Hear = Callable[[str, Any], None]
Ack = TypeVar("Ack")


class Away(Exception):
    """Nobody answers now; later may be well. A sentence. `retry_after_ms` when the server says how much later."""

    def __init__(self, why: str, retry_after_ms: int | None = None) -> None:
        super().__init__(why)
        self.retry_after_ms = retry_after_ms


class WrongServer(Exception):
    """Whoever answers is no chatroom that this client can talk to. A sentence."""


class NoAnswer(Exception):
    """No ack came: what was asked may or may not have happened."""


class Refused(Exception):
    """An ack that says no: `code` for the program, `detail` for a person."""

    def __init__(self, code: str, detail: str, retry_after_ms: int | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.retry_after_ms = code, detail, retry_after_ms

    @property
    def passes(self) -> bool:
        """The same thing asked again later may be granted."""
        return self.code in _PASSING or self.retry_after_ms is not None or self.code == "server_error"

    @property
    def wait_s(self) -> float:
        return (2000 if self.retry_after_ms is None else self.retry_after_ms) / 1000


class Link:
    """`async with Link(...) as link` is a session that the server has greeted.

    server  as clients.address writes it; token  None at the first meeting
    hear    hears each event in the order sent, on the loop; it must not wait
    raises  Away, WrongServer
    """

    def __init__(self, server: str, token: str | None, hear: Hear) -> None:
        self.ended = asyncio.Event()
        self._server, self._token, self._hear = server, token, hear
        self._greeted: asyncio.Future[protocol.SessionReady] = asyncio.get_running_loop().create_future()
        self._turned_away: Any = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Link:
        try:
            # A server that takes the connection and then says nothing counts as away.
            async with asyncio.timeout(OPENS_WITHIN_S):
                await self._open()
        except TimeoutError:
            await self._stack.aclose()
            raise Away(f"{self._server} does not answer.") from None
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    @property
    def session(self) -> protocol.SessionReady:
        return self._greeted.result()

    async def ask(
        self, event: str, payload: dict[str, Any], kind: type[Ack], at_once: Callable[[Ack], None] | None = None
    ) -> Ack:
        """The ok ack. `at_once` hears it at its place among the events.

        raises  Refused, NoAnswer
        """
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()

        def take(raw: Any) -> None:
            if answer.done():
                return
            try:
                found = _ack(raw, kind)
                if at_once:
                    at_once(found)
                answer.set_result(found)
            except (Refused, NoAnswer) as no:
                answer.set_exception(no)

        ended: asyncio.Future[Any] = asyncio.create_task(self.ended.wait())
        either: set[asyncio.Future[Any]] = {answer, ended}
        try:
            with suppress(socketio.exceptions.SocketIOError):
                await self._client.emit(event, payload, callback=take)
            await asyncio.wait(either, timeout=ANSWERS_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
        if not answer.done():
            answer.cancel()
            raise NoAnswer(event)
        return answer.result()

    async def _open(self) -> None:
        http = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False, http_session=http)
        self._client.on("*", self._take)
        self._client.on("connect_error", self._not_connected)
        self._client.on("disconnect", lambda *reason: self.ended.set())
        auth = {"v": protocol.VERSION} | ({"token": self._token} if self._token else {})
        self._stack.push_async_callback(self._close)
        try:
            await self._client.connect(
                self._server, auth=auth, transports=["websocket"], wait_timeout=OPENS_WITHIN_S, namespaces=["/"]
            )
        except socketio.exceptions.ConnectionError as error:
            raise self._reason(error) from None
        except (ValueError, TypeError, KeyError):
            raise WrongServer(f"{self._server} answers, but is no chatroom.") from None
        try:
            async with asyncio.timeout(OPENS_WITHIN_S / 2):
                await self._greeted
        except TimeoutError:
            raise WrongServer(f"{self._server} answers, but is no chatroom.") from None

    async def _close(self) -> None:
        with suppress(Exception):  # a link that is broken already has many ways to say so
            async with asyncio.timeout(1):
                await self._client.disconnect()

    def _take(self, event: str, payload: Any = None) -> None:
        if event == "session:ready":
            with suppress(msgspec.ValidationError, asyncio.InvalidStateError):
                self._greeted.set_result(msgspec.convert(payload, protocol.SessionReady))
        else:
            self._hear(event, payload)

    def _not_connected(self, data: Any = None) -> None:
        self._turned_away = data

    def _reason(self, error: BaseException) -> Exception:
        """What a person can do something with, out of what three libraries say."""
        if isinstance(said := self._turned_away, dict) and "code" in said:
            detail = str(said.get("detail", said["code"]))
            is_other_wire = said["code"] == "upgrade_required"
            return WrongServer(detail) if is_other_wire else Away(detail, said.get("retry_after_ms"))
        for cause in _causes(error):
            if isinstance(cause, aiohttp.ClientConnectorCertificateError):
                why = getattr(cause.certificate_error, "verify_message", str(cause.certificate_error))
                return WrongServer(f"The certificate of {self._server} cannot be trusted: {why}.")
            if isinstance(cause, ssl.SSLError):
                return WrongServer(f"{self._server} does not speak TLS: try the address with http://.")
            if isinstance(cause, aiohttp.WSServerHandshakeError) and cause.status not in _GATEWAY:
                return WrongServer(f"{self._server} answers, but is no chatroom (HTTP status {cause.status}).")
            if isinstance(cause, aiohttp.ClientConnectorDNSError):
                return Away(f"{self._server} cannot be found: is the name right, and this machine online?")
            if isinstance(cause, aiohttp.ClientResponseError):
                return WrongServer(f"{self._server} answers, but is no chatroom.")
        return Away(f"{self._server} does not answer.")


def _ack(raw: Any, kind: type[Ack]) -> Ack:
    if isinstance(raw, dict) and raw.get("ok") is False:
        error = raw["error"]
        raise Refused(error["code"], error["detail"], error.get("retry_after_ms"))
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        raise NoAnswer("an answer of another wire") from None


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
