"""The benchmark's load counts exactly what arrives, however it arrives."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transport import frames as server_frames
from bench import frames
from bench.client import Client
from bench.load import Load
from bench.wires import Ours, Plain

HELLO = b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + server_frames.text('0{"pingInterval":7000}')


SIZES = st.integers(0, 300) | st.sampled_from([65_535, 65_536])


@given(st.lists(SIZES, max_size=5), st.data())
def test_frames_are_split_alike_however_they_are_cut(sizes, data):
    payloads = [bytes([place]) * size for place, size in enumerate(sizes)]
    stream = b"".join(server_frames.frame(server_frames.TEXT, payload) for payload in payloads)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))

    splitter, read = frames.Splitter(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += splitter.feed(stream[start:end])

    assert [payload for _, payload in read] == payloads
    assert splitter.rest == b""


@given(st.text(max_size=400))
def test_the_server_reads_what_the_load_writes(text):
    assert [*server_frames.FrameReader(64 * 1024).feed(frames.text(text.encode()))] == [(server_frames.TEXT, text)]


@pytest.fixture
def link():
    """(load, client, the server's end of its connection), past the handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        load = Load([listener.getsockname()[1]], Plain())
        client = Client(load, "tea", "Ann")
        connected = []
        client.on_connected = connected.append
        client.open()
        end, _ = listener.accept()
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with end:
            end.sendall(HELLO + server_frames.text("40{}"))
            load.until(lambda: connected, 5, "the handshake")
            yield load, client, end
        load.close()


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 16, 31, 32, 33, 64, 1000])
def test_a_marker_cut_between_two_reads_is_counted_once(link, piece):
    load, client, end = link
    client.count()
    client.asked.extend([0, 1, 2])
    load._sent_at = [load.now] * 3
    delivery = server_frames.text('42["message",{"name":"Ann","body":"message, #1#"}]')
    ack = server_frames.text('431[{"ok":true}]')
    stream = (delivery * 5 + ack) * 3

    for start in range(0, len(stream), piece):
        end.sendall(stream[start : start + piece])
        load.turn()
    end.shutdown(socket.SHUT_WR)
    lost = []
    client.on_lost = lambda *_: lost.append(True)
    load.until(lambda: lost, 5, "the end")

    assert (load.delivered, load.acked) == (15, 3)


def test_what_was_half_read_when_the_counting_began_is_counted(link):
    load, client, end = link
    delivery = server_frames.text('42["message",{"name":"Ann","body":"#0#"}]')
    for cut in range(1, len(delivery)):
        before = load.delivered
        client.is_counting = False
        client._splitter.rest = delivery[:cut]
        client.count()
        end.sendall(delivery[cut:])
        load.turn(5)
        assert load.delivered - before == 1, cut


def test_a_ping_is_answered_while_only_counting(link):
    load, client, end = link
    end.settimeout(5)
    assert next(server_frames.FrameReader(100).feed(end.recv(4096).partition(b"\r\n\r\n")[2]))[1] == "40"
    client.count()
    client._ping_due = 0.0

    end.sendall(server_frames.text("2"))
    load.turn(5)

    assert [*server_frames.FrameReader(100).feed(end.recv(100))] == [(server_frames.TEXT, "3")]


@pytest.mark.parametrize("server_settings", [{"CHAT_MESSAGES_PER_10S": "100000"}], scope="module")
def test_every_message_is_counted_once_for_each_member(server):
    load = Load([server.port], Ours())
    try:
        people = load.people(rooms=2, members=30)
        load.bring(people, within_s=20)
        load.listen(people)
        load.window(people, 16)
        load.until(lambda: load.sent >= 500, 20, "500 messages")

        assert load.hush() == 0
        assert load.delivered == load.sent * 30
        assert load.acked == load.sent == len(load.ack_delays_s)
        read = [place for place, client in enumerate(people) if not client.is_counting]
        assert 1 < len(read) < len(people) / 2
        assert 0 < len(load.delays_s) < load.delivered
    finally:
        load.close()


def test_whoever_returns_is_the_same_member_and_hears_what_it_missed(server):
    load = Load([server.port], Ours())
    try:
        ann, ben = Client(load, "return", "Ann"), Client(load, "return", "Ben")
        load.bring([ann, ben], within_s=10)
        cursor = dict(ann.cursor)
        for _ in range(3):
            load.say(ben)
        load.until(lambda: load.acked == 3, 10, "every ack")

        ann.close()
        load.bring([ann], within_s=10)

        assert ann.missed == 3
        assert ann.cursor == cursor | {"seq": cursor["seq"] + 3}
    finally:
        load.close()
