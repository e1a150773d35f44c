"""Junk of every level, from a seed: bytes for an HTTP port, frames, Engine.IO packets, Socket.IO packets, payloads.

Most of it is something valid with one to four things broken: what is wrong everywhere is refused at the first byte.
"""

from __future__ import annotations

import json
import struct
from random import Random
from typing import Any

REQUESTS = [
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n9",
    b"GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nCookie: chat=eyJ0b2tlbiI6ICJ4In0.aaaa.bbbb\r\n\r\n",
    b"GET /r/tea HTTP/1.1\r\nHost: x\r\nReferer: y\r\n\r\n",
    b"GET /name?room=tea HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /r/tea/messages?before=5&limit=3 HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n",
    b"POST /rooms HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 8\r\n\r\nroom=tea",
    b"POST /name HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b'Content-Length: 62\r\n\r\n--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnn\r\n--b--\r\n',
    b"POST /name HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nname=\r\n0\r\n\r\n",
    b"HEAD /static/icon.svg HTTP/1.1\r\nHost: x\r\nRange: bytes=0-5\r\nIf-None-Match: x\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\n\r\n",
]
TOKENS = [
    b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b"%00", b"%ff", b"%u0041", b"..%2f", b"//", b"://", b"\\", b"'", b"<",
    b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: x\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\n", b"Origin: http://[\r\n",
    b"Origin: null\r\n", b"Host: [\r\n", b"Host: \xe9\r\n", b"X-Forwarded-For: 1.2.3.4\r\n", b" \r\n", b": x\r\n",
    b"Cookie: " + b"a=b;" * 500, b"Accept: \xf0\x9f\xa6\x8a\r\n", b"x" * 9000, b"Range: bytes=9-1\r\n", b"HTTP/9.9",
    b"If-Modified-Since: \x80\r\n", b"Content-Type: multipart/form-data; boundary=\r\n",
]  # fmt: skip
PACKETS = [
    "", "0", "1", "2", "3", "4", "5", "6", "9", "x", "2probe", "40", "41", "42", "43", "44", "45", "46", "4x",
    '40{"v":1}', "40/admin,{}", '42["room:join",{"room":"tea","name":"Ann"}]', '421["typing:start",{"room":"tea"}]',
    '42["disconnect"]', '42["connect",{}]', '42/admin,["typing:start",{}]', "430[]", '431[{"ok":true}]', "44{}",
    '451-["message:send",{"_placeholder":true,"num":0}]', '461-0[{"_placeholder":true,"num":0}]', "b4AAAA", "42[]",
    '4299999999999999["typing:start",{}]', '421["typing:start",{"room":NaN}]', '421["typing:start",{"a":1,"a":1}]',
    '421["typing:start",{"room":1e999}]', '42["typing:start",{"room":"\\ud800"}]', "42" + "[" * 5000, "4" + "[" * 5000,
    '42["' + "x" * 5000, '421["typing:start",' + '{"a":' * 900 + "1" + "}" * 900 + "]", "40" + "{" * 3000, "4x" * 3000,
]  # fmt: skip
WRONG: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**53, 2**63, 10**400, 1e308, "", " ", "\x00", "\ud800", "\u202e", "x" * 300,
    "\U0001f98a" * 70, "e" + "\u0301" * 60, "../../etc", "?x#y", "'; DROP TABLE messages; --", "{{7*7}}", "%s%n",
    "<script>", [], {}, [[]], ["tea"], {"room": "tea"}, [{}] * 40, {"_placeholder": True, "num": 0}, {"__proto__": {}},
    {"$gt": ""}, [None] * 200, {str(number): number for number in range(300)}, "\n" * 50, "y" * 6000,
]  # fmt: skip
FIELDS = ["room", "name", "body", "client_id", "since", "before", "after_seq", "limit", "extra", "__class__", ""]
SLIPS = ["[", "{", '"', ",", "\x00", "\u2028", "1e999", "NaN", "/", "-"]
EVENTS = ["room:join", "room:leave", "name:change", "message:send", "history:fetch", "typing:start", "nonsense"]


def http(chance: Random) -> bytes:
    return _broken(chance, chance.choice(REQUESTS), TOKENS)


def frames(chance: Random) -> bytes:
    """One to six frames, or what a broken client takes for frames."""
    if chance.random() < 0.2:
        return chance.randbytes(chance.randrange(1, 400))
    written = b"".join(frame(chance) for _ in range(chance.randrange(1, 7)))
    return _broken(chance, written, [b"\x00", b"\xff", b"\x81\xfe", b"\x88\x80"]) if chance.random() < 0.3 else written


def frame(chance: Random) -> bytes:
    payload = chance.choice(PACKETS).encode("utf-8", "surrogatepass") if chance.random() < 0.6 else chance.randbytes(20)
    opcode = chance.choice([0, 1, 1, 1, 2, 3, 7, 8, 9, 10, 11, 15])
    first = chance.choice([0x80, 0x80, 0x80, 0, 0xC0, 0xF0]) | opcode
    size = len(payload) if chance.random() < 0.8 else chance.choice([0, 1, 125, 126, 65_536, 2**40, 2**63])
    masked = 0x80 if chance.random() < 0.9 else 0
    if size < 126:
        head = struct.pack("!BB", first, masked | size)
    elif size < 65_536 and chance.random() < 0.8:
        head = struct.pack("!BBH", first, masked | 126, size)
    else:
        head = struct.pack("!BBQ", first, masked | 127, size)
    return head + bytes(4) + payload


def engine(chance: Random) -> str:
    """A text frame's content that is hardly an Engine.IO packet."""
    return _misspelt(chance, chance.choice(PACKETS))


def packet(chance: Random) -> str:
    """Something like a Socket.IO packet."""
    ack = chance.choice(["", "1", "12", "0", "-1", "99999999999"])
    return "42" + ack + _misspelt(chance, json.dumps(event(chance)))


def event(chance: Random) -> tuple[str, Any]:
    """Some of it gets as far as a room, none of it is a message: its `client_id` is never one."""
    name = chance.choice(EVENTS)
    if chance.random() < 0.15:
        return name, chance.choice(WRONG)
    fits = {"room": "nobody-is-here", "name": "Ann", "body": "hello"}
    payload = {field: value for field, value in fits.items() if chance.random() < 0.7}
    payload.update((chance.choice(FIELDS), chance.choice(WRONG)) for _ in range(chance.randrange(5)))
    if name == "message:send":
        payload["client_id"] = chance.choice(WRONG)
    return name, payload


def _broken(chance: Random, whole: bytes, tokens: list[bytes]) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = chance.choice(tokens)
            case 1:
                del data[at : at + chance.randrange(1, 12)]
            case 2:
                data[at : at + 1] = chance.randbytes(1)
            case 3:
                data[at:at] = data[at : at + 30] * chance.randrange(1, 20)
            case 4 if chance.random() < 0.3:
                del data[at:]
    return bytes(data)


def _misspelt(chance: Random, text: str) -> str:
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(SLIPS) + text[at:]
            case 1:
                text = text[:at] + text[at + 1 :]
            case 2:
                text = text[:at] + text[at : at + 20] * chance.randrange(1, 30) + text[at:]
            case 3 if chance.random() < 0.3:
                text = text[:at]
    return text
