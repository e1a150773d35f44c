"""The bad line does what it says: frames stay whole unless they are meant to break."""

import asyncio
import random
from collections import Counter

import pytest

from tests.faults.frames import Frames, kind, payload
from tests.faults.loop import run
from tests.faults.proxy import Proxy, Weather

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


def frame(text: str) -> bytes:
    data = text.encode()
    if len(data) < 126:
        return bytes([0x81, len(data)]) + data
    if len(data) < 65536:
        return bytes([0x81, 126]) + len(data).to_bytes(2, "big") + data
    return bytes([0x81, 127]) + len(data).to_bytes(8, "big") + data


@pytest.mark.parametrize("step", [1, 2, 3, 1000])
def test_frames_are_found_however_the_bytes_come(step):
    texts = ["42[1]", "x" * 125, "y" * 126, "z" * 70_000, "", '42["message:posted",{}]', "431[{}]"]
    stream = UPGRADED + b"".join(map(frame, texts))
    frames, found = Frames(), []

    for start in range(0, len(stream), step):
        found += frames.feed(stream[start : start + step])

    assert found[0] == UPGRADED
    assert [payload(piece).decode() for piece in found[1:]] == texts
    assert [kind(piece) for piece in found] == [""] * 6 + ["pushes", "acks"]


async def talk(
    weather: Weather, answer: bytes, seed: int = 1, within_s: float = 0.4
) -> tuple[bytes, Counter[str], str]:
    """What arrives through a proxy from a server that says `answer` and waits, and how the link ended."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy = Proxy(server.sockets[0].getsockname()[1], weather, random.Random(seed))
    await proxy.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    got, how = b"", "open"
    try:
        async with asyncio.timeout(within_s):
            while data := await reader.read(65536):
                got += data
            how = "closed"
    except TimeoutError:
        pass
    except ConnectionResetError:
        how = "reset"
    writer.transport.abort()
    await proxy.stop()
    server.close()
    return got, proxy.counts, how


def test_clear_weather_passes_everything():
    stream = UPGRADED + frame("431[{}]") * 50

    got, _, how = run(talk(Weather(), stream))

    assert (got, how) == (stream, "open")


def test_only_whole_acks_are_lost_or_repeated():
    stream = UPGRADED + (frame("431[{}]") + frame('42["a"]')) * 200

    got, counts, _ = run(talk(Weather(lost={"acks": 0.3}, repeated={"acks": 0.2}), stream))

    pieces = [bytes(piece) for piece in Frames().feed(got)]
    kinds = Counter(kind(piece) for piece in pieces[1:])
    assert kinds[""] == 200
    assert counts["acks"] == 200
    assert 30 < counts["acks lost"] < 90
    assert kinds["acks"] == 200 - counts["acks lost"] + counts["acks repeated"]


@pytest.mark.parametrize(
    "ending, how",
    [("reset", "reset"), ("close", "closed"), ("cut", "reset"), ("hole", "reset"), ("hole down", "reset")],
)
def test_a_link_ends_as_its_fate_says(ending, how):
    weather = Weather(lives_s=(0.1, 0.2), endings=(ending,), hole_s=(0.1, 0.2))

    _, counts, seen = run(talk(weather, UPGRADED, within_s=4))

    assert counts[ending] == 1
    assert seen == how


def test_a_pause_holds_everything_back_and_loses_nothing():
    stream = UPGRADED + frame("431[{}]") * 50
    weather = Weather(lives_s=(0.0, 0.0), endings=("pause",), hole_s=(0.1, 0.2))

    got, counts, how = run(talk(weather, stream, within_s=1))

    assert counts["pause"] > 1
    assert (got, how) == (stream, "open")


def test_one_seed_gives_one_fate():
    stream = UPGRADED + frame("431[{}]") * 100
    weather = Weather(lost={"acks": 0.5})

    first, second, other = (run(talk(weather, stream, seed))[0] for seed in (1, 1, 2))

    assert first == second
    assert first != other
