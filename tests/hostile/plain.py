"""What the same attacks do to the chat as the tutorials write it: `python -m tests.hostile.plain` prints one line each.

Loopback only, and over within two minutes. What it finds stands in docs/security.md beside ours.
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.hostile import scripts
from tests.hostile.line import Line, frame
from tests.hostile.rooms import room_names
from tests.hostile.tutorial import PATIENCE_S, Plain, asks, heard
from tests.hostile.watch import MB, allow_files
from tests.live import Visitor
from tests.wire import TEXT

BINARY = 0x2
POLLING = "/socket.io/?EIO=4&transport=polling"


def stuck(plain: Plain, count: int, request: Callable[[], bytes]) -> str:
    allow_files(count + 500)
    lines = []
    with suppress(OSError):
        # Until nobody is accepted any more.
        for _ in range(count):
            data = request()
            sock = socket.create_connection(("127.0.0.1", plain.port), 4)
            sock.sendall(data)
            lines.append(sock)
    time.sleep(2)
    let_in = plain.lets_somebody_in()
    for sock in lines:
        sock.close()
    return f"a new user {'gets' if let_in else 'does not get'} in after {len(lines)}"


def grows(plain: Plain, work: Callable[[], object]) -> str:
    before = plain.memory_mb()
    work()
    time.sleep(0.5)
    return f"memory {plain.memory_mb() - before:+.0f} MB"


def polling(plain: Plain) -> str:
    def body_that_never_comes() -> bytes:
        path = f"{POLLING}&sid={poll(plain)}"
        return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n".encode()

    return stuck(plain, 2000, body_that_never_comes)


def poll(plain: Plain) -> str:
    """A session by long polling."""
    return str(json.loads(Visitor(plain.port).get(POLLING).text[1:])["sid"])


def idle(plain: Plain) -> str:
    return stuck(plain, 3000, lambda: b"GET / HTTP/1.1\r\nX-Slow: ")


def chunks(plain: Plain) -> str:
    taken = []

    def attack() -> None:
        path = f"{POLLING}&sid={poll(plain)}"
        with socket.create_connection(("127.0.0.1", plain.port), 20) as sock, suppress(OSError):
            sock.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;".encode())
            sock.sendall(b"x" * 40 * MB)
            taken.append(40 * MB)
            time.sleep(1)

    return grows(plain, attack) + f", took {sum(taken) // MB} MB"


def fragments(plain: Plain) -> str:
    line = plain.guest("Eve")

    def attack() -> None:
        line.waits(60)
        with suppress(OSError):
            line.send_bytes(frame(TEXT, b"x", final=False))
            for _ in range(100):
                line.send_bytes(frame(0, b"x" * 300_000, final=False))
        time.sleep(8)

    return grows(plain, attack) + " for 30 MB sent, no end"


def old_handshake(plain: Plain) -> str:
    with socket.create_connection(("127.0.0.1", plain.port), 5) as sock:
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: WebSocket",
        ]
        lines += [
            "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
            "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
            "Origin: http://x",
        ]
        sock.sendall("\r\n".join([*lines, "", "12345678"]).encode())
        return f"answered {sock.recv(200).split(b' ')[1].decode()}"


def junk_frame(plain: Plain) -> str:
    eve = plain.guest("Eve")
    eve.send_text("x")
    began = time.monotonic()
    while "Eve" in asks(plain.guest("Ann"), "join", {"name": "Ann", "room": "tea"})[0]["members"]:
        if time.monotonic() - began > 15:
            return "the member is still listed after 15 s"
        time.sleep(0.5)
    return f"the member is gone after {time.monotonic() - began:.0f} s"


def own_handlers(plain: Plain) -> str:
    eve = plain.guest("Eve")
    eve.send_text('42["disconnect","x"]')
    time.sleep(0.5)
    members = asks(plain.guest("Ann"), "join", {"name": "Ann", "room": "tea"})[0]["members"]
    ok = asks(eve, "message", {"room": "tea", "body": "still here"})
    return f"the handler runs: listed {'Eve' in members}, yet she can speak: {bool(ok)}"


def binary(plain: Plain) -> str:
    eve = plain.guest("Eve")

    def attack() -> None:
        eve.waits(60)
        with suppress(OSError):
            eve.send_text('4599999-["message",{"room":"tea","body":{"_placeholder":true,"num":0}}]')
            for _ in range(500):
                eve.send_bytes(frame(BINARY, b"x" * 60_000))
        time.sleep(3)

    return grows(plain, attack) + " for 30 MB sent, no end"


def not_a_number(plain: Plain) -> str:
    ann, eve = plain.guest("Ann"), plain.guest("Eve")
    eve.send_text('42["message",{"room":"tea","body":NaN}]')
    return "NaN goes out to everybody: every browser in the room is disconnected" if "NaN" in heard(ann) else "not told"


def flood(plain: Plain) -> str:
    ann, eve = plain.guest("Ann"), plain.guest("Eve")
    one = frame(TEXT, b'42["message",{"room":"tea","body":"buy now"}]')
    eve.waits(60)
    eve.send_bytes(one * 10_000)
    began = time.monotonic()
    ann.send_text('427["leave",{"room":"tea"}]')
    ann.waits(60)
    ann.receive_until("437")
    return f"all taken; an honest member waits {time.monotonic() - began:.1f} s for an answer"


def crowd_at_one_address(plain: Plain) -> str:
    lines = [plain.guest(f"honest {number}") for number in range(60)]
    eve = plain.guest("Eve")
    eve.waits(60)
    eve.send_bytes(frame(TEXT, b'42["message",{"room":"elsewhere","body":"buy now"}]') * 2_000)
    taken = asks(eve, "message", {"room": "elsewhere", "body": "still"}) is not None
    answered = sum(bool(asks(line, "message", {"room": "quiet", "body": "hello"})) for line in lines)
    return f"{answered} of 60 let in and answered; so are {2_000 * taken} messages of one beside them: no limits"


def foreign_room(plain: Plain) -> str:
    ann, eve = plain.guest("Ann", "secret"), plain.guest("Eve", "elsewhere")
    eve.send_text('42["message",{"room":["secret","elsewhere"],"body":"from outside"}]')
    return "heard in a room never joined" if "outside" in heard(ann) else "not heard"


def odd_rooms(plain: Plain) -> str:
    wanted = [name.encode("utf-8", "replace").decode() for name in dict.fromkeys(room_names())]
    line, made = plain.guest("Eve"), 0
    for name in wanted:
        made += asks(line, "join", {"name": "Eve", "room": name})[0]["members"] == ["Eve"]
    return f"{made} rooms for {len(wanted)} names: Team, team and te\u0430m are three, and none says so"


def odd_names(plain: Plain) -> str:
    for name in ("Ann", "Ann", "\u0410nn", "\u202eAnn", "\u3164", "System", "x" * 100_000):
        plain.guest(name)
    return "all let in: twins, reversed, invisible, System, 100,000 letters"


def foreign_page(plain: Plain) -> str:
    line = Line(plain.port, Origin="http://evil.example")
    return f"answered {line.status}"


def scripts_in_texts(plain: Plain) -> str:
    ann, eve, whole = plain.guest("Ann"), plain.guest("Eve"), 0
    for text in scripts.ALL:
        eve.send_text("42" + json.dumps(["message", {"room": "tea", "body": text}]))
        ann.waits(PATIENCE_S)
        whole += json.loads(ann.receive_until('42["message"')[2:])[1]["body"] == text
    page = Visitor(plain.port).get("/")
    policy = page.headers["Content-Security-Policy"]
    return f"{whole} of {len(scripts.ALL)} handed on whole; it has no page of its own ({page.status}), policy: {policy}"


def long_texts(plain: Plain) -> str:
    ann, eve, taken, longest = plain.guest("Ann"), plain.guest("Eve"), 0, 0.0
    for piece in ("[", "a@", "http://", "e\u0301", "\ufdfa"):
        text = (piece * 16_000)[:16_000]
        began = time.monotonic()
        eve.send_text("42" + json.dumps(["message", {"room": "tea", "body": text}]))
        ann.waits(PATIENCE_S)
        taken += json.loads(ann.receive_until('42["message"')[2:])[1]["body"] == text
        longest = max(longest, time.monotonic() - began)
    return f"no rule: {taken} of 5 texts of 16,000 go out whole, in {1000 * longest:.0f} ms at most"


def thief(plain: Plain) -> str:
    won = 0
    for number in range(100):
        room = f"room {number}"
        ann, ben, eve = plain.guest("Ann", room), plain.guest("Ben", room), plain.guest("Eve", "elsewhere")
        if number % 2:
            ann.close()
        asks(eve, "join", {"name": "Ann", "room": room})
        asks(eve, "message", {"room": room, "body": "it is me"})
        ben.waits(PATIENCE_S)
        won += json.loads(ben.receive_until('42["message"')[2:])[1] == {"name": "Ann", "body": "it is me"}
        for line in (ann, ben, eve):
            line.close()
    return f"the thief wins {won} of 100, half of them while the owner is there"


def another_author(plain: Plain) -> str:
    ann, eve = plain.guest("Ann"), plain.guest("Eve")
    payload = {"room": "tea", "body": "twice", "client_id": "00" * 16}
    asks(eve, "message", payload)
    asks(eve, "message", payload)
    told = sum("twice" in heard(ann) for _ in range(2))
    asks(eve, "join", {"name": "Ann", "room": "tea"})
    asks(eve, "message", {"room": "tea", "body": "not mine"})
    author = json.loads(heard(ann)[2:])[1]["name"]
    return f"no ids: one message sent twice is told {told} times; who joins again as Ann speaks as {author}"


def forged_log(plain: Plain) -> str:
    eve, before = plain.guest("Eve"), len(plain.log())
    forged = '\n2026-01-01 00:00:00,000 INFO join member="root"\n'
    for text in (forged, "a\x1b[2Jb", "a\u2028b"):
        asks(eve, "join", {"name": text, "room": text})
        eve.send_text("42" + json.dumps(["leave", {"room": "no " + text}]))
        Visitor(plain.port).asks("GET", "/", headers={"User-Agent": ascii(text)})
    time.sleep(0.5)
    written = plain.log()[before:]
    own = sum('INFO join member="root"' in line and line.startswith("2026") for line in written.splitlines())
    raw = "\x1b" in written
    traces, names = written.count("Traceback"), "Eve" in written
    return f"no log: {traces} traces, {own} forged lines, raw escapes: {raw}, who came is written: {names}"


def empty_rooms(plain: Plain) -> str:
    eve = plain.guest("Eve")

    def attack() -> None:
        eve.waits(120)
        for first in range(0, 100_000, 1_000):
            some = (json.dumps(["join", {"name": "Eve", "room": f"room {first + n}"}]) for n in range(1_000))
            eve.send_bytes(b"".join(frame(TEXT, f"42{event}".encode()) for event in some))
            asks(eve, "leave", {"room": f"room {first}"})
        eve.close()

    return grows(plain, attack) + " for 100,000 rooms, after the one who joined them is gone"


def trace(plain: Plain) -> str:
    line = plain.guest("Eve")
    for text in ('42["message"]', '42["join",{}]', '42["leave",{"room":"nowhere"}]', "4" + "[" * 5000):
        line.send_text(text)
        time.sleep(0.3)
    return f"{plain.log().count('Traceback')} tracebacks in the log for 4 lines sent"


def storm(plain: Plain) -> str:
    lines = [plain.guest(f"person {number}") for number in range(100)]
    for line in lines:
        line.waits(0)
    eve, told, began = plain.guest("Eve"), 0, time.monotonic()
    while time.monotonic() - began < 3:
        for _ in range(20):
            eve.send_text('42["join",{"room":"tea","name":"Eve"}]')
            eve.send_text('42["leave",{"room":"tea"}]')
        for line in lines:
            while size := line.swallows():
                told += size
    return f"{told * 8 / 3e6:.0f} Mbit/s to a room of 100, by one who comes and goes"


def deaf(plain: Plain) -> str:
    lines = [plain.guest(f"deaf {number}") for number in range(5)]
    for line in lines:
        line.hears_little()
    speaker = plain.guest("Speaker", "elsewhere")

    def attack() -> None:
        for _ in range(1500):
            speaker.send_text('42["message",{"room":"tea","body":"' + "x" * 20_000 + '"}]')
        asks(speaker, "join", {"name": "Speaker", "room": "elsewhere"})

    return grows(plain, attack) + " for 5 who do not read 30 MB, no end"


def headers(plain: Plain) -> str:
    reply = Visitor(plain.port).get("/healthz")
    return f"policy: {reply.headers['Content-Security-Policy']}, no-store: {reply.headers['Cache-Control']}"


ATTACKS = {
    "1": polling, "2": idle, "3": chunks, "4": fragments, "5": old_handshake, "6": junk_frame, "7": own_handlers,
    "8": binary, "9": not_a_number, "10": flood, "11": crowd_at_one_address, "12": foreign_room, "13": odd_rooms,
    "14": odd_names, "15": scripts_in_texts, "16": long_texts, "17": foreign_page, "18": thief, "20": another_author,
    "21": forged_log, "22": trace, "23": empty_rooms, "24": storm, "26": headers, "28": deaf,
}  # fmt: skip


def main(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for row, attack in ATTACKS.items():
            if rows and row not in rows:
                continue
            plain = Plain(Path(folder))
            try:
                found = attack(plain)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is what the attack came to
                found = f"the attack ended with {type(error).__name__}: {error}"
            finally:
                plain.stop()
            sys.stdout.write(f"{row:>3}  {attack.__name__}: {found}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
