"""Asking the running server, over the HTTP API on its own address, with the operator's token."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

ADDRESS: Final = "server.address"
TOKEN: Final = "operator.token"  # noqa: S105 - a file's name
API: Final = "/api/v1/operator"
WITHIN_S: Final = 15
EVERYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared


class NotDone(Exception):
    """One sentence that says why not, and what to do."""


def note_address(folder: Path, host: str, port: int) -> None:
    """Where the server that keeps its data in `folder` is found. fails OSError"""
    near = EVERYWHERE.get(host, host)
    path = folder / ADDRESS
    path.touch(0o600)
    path.write_text(f"http://[{near}]:{port}\n" if ":" in near else f"http://{near}:{port}\n")


class Remote:
    """`address` is http://host:port; where the server has noted it in its data folder unless given."""

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self._token = _read(folder / TOKEN, "Set CHAT_DATA to the data folder of the server.")
        self.address = address or _read(folder / ADDRESS, "Start the server, or say where it is with --address.")
        if urlsplit(self.address).scheme not in ("http", "https") or not urlsplit(self.address).hostname:
            raise NotDone(f"{self.address} is not an address such as http://127.0.0.1:8000.")

    def get(self, path: str, **query: str) -> dict[str, Any]:
        asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        return self._ask("GET", f"{path}?{asked}" if asked else path)

    def post(self, path: str, **fields: str) -> dict[str, Any]:
        return self._ask("POST", path, json.dumps(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        """The answer. fails NotDone"""
        # Neither a proxy from the environment nor a redirect is followed: the token is for this server alone.
        parts = urlsplit(self.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        try:
            line = kind(parts.hostname or "", parts.port, timeout=WITHIN_S)
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            line.request(method, API + path, body, headers)
            reply = line.getresponse()
            status, found = reply.status, json.loads(reply.read())
            line.close()
        except (OSError, http.client.HTTPException, ValueError):
            raise NotDone(f"The server at {self.address} does not answer. Start it, or say where it is.") from None
        if status != 200:
            raise NotDone(str(found["error"]["detail"]) if "error" in found else f"The server answers {status}.")
        return dict(found)


def _read(path: Path, hint: str) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise NotDone(f"{path} cannot be read: {error.strerror}. {hint}") from None
