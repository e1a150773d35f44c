"""Whatever happens in between, every client reads exactly the frames meant for it, whole and in order."""

import socket
from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.transport import frames
from app.transport import peer as peer_module
from app.transport.connection import Connection
from app.transport.fanout import Fanout
from app.transport.peer import WAITING_BYTES
from app.transport.strikes import MOST

READERS, ROOMS = range(4), ("tea", "milk", "water")


class Hub:
    """Remembers who waits for room to write; nothing happens until the test lets it."""

    def __init__(self):
        self.writers = {}

    def listen(self, kind, fileno, callback):
        if kind == "write":
            self.writers[fileno] = callback
        return kind, fileno

    def ignore(self, listener):
        kind, fileno = listener
        if kind == "write":
            del self.writers[fileno]

    def soon(self, *_work): ...


class Engine:
    def __init__(self):
        self.events = {}
        self.left = []

    def gone(self, connection, reason):
        self.left.append((connection, reason))


class Client:
    """A connection of ours on one end of a socket pair, and what its other end has read."""

    def __init__(self, engine, buffer_bytes):
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.theirs.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
        self.connection = Connection(engine, ours, "sid", lambda: None)
        self.read = b""

    def reads(self, most=1 << 20):
        try:
            self.read += self.theirs.recv(most)
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def hub():
    with pytest.MonkeyPatch.context() as patch:
        yield install(patch)


def install(patch):
    hub = Hub()
    for name in ("listen", "ignore", "soon"):
        patch.setattr(peer_module, name, getattr(hub, name))
    return hub


def drain(hub, client):
    """Let the client read and the hub write until nothing waits."""
    for _ in range(10_000):
        moved, waiting = client.reads(), list(hub.writers.values())
        for callback in waiting:
            callback(0)
        if not moved and not waiting:
            return


class EveryoneReadsWhatIsMeant(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.hub = install(self.patch)
        self.due = []
        self.fanout = Fanout(self.due.append)
        self.clients = [Client(Engine(), 2048 << number) for number in READERS]
        self.meant = defaultdict(list)
        self.inside = defaultdict(set)
        self.ended = set()
        self.count = 0

    def teardown(self):
        for number, client in enumerate(self.clients):
            if number not in self.ended:
                self.fanout.flush()
                drain(self.hub, client)
                assert client.read == b"".join(self.meant[number])
            client.theirs.close()
            client.connection._sock.close()
        self.patch.undo()

    def frame(self, size):
        self.count += 1
        return frames.text(f"{self.count}:".ljust(size, "."))

    @rule(number=st.sampled_from(READERS), room=st.sampled_from(ROOMS))
    def enter(self, number, room):
        if number not in self.ended:
            self.fanout.enter(room, self.clients[number].connection)
            self.inside[room].add(number)

    @rule(number=st.sampled_from(READERS), room=st.sampled_from(ROOMS))
    def leave(self, number, room):
        self.fanout.leave(room, self.clients[number].connection)
        self.inside[room].discard(number)

    @rule(room=st.sampled_from(ROOMS), skip=st.sets(st.sampled_from(READERS), max_size=2), size=st.integers(0, 3000))
    def tell_room(self, room, skip, size):
        frame = self.frame(size)
        self.fanout.tell_room(room, frame, [self.clients[number].connection for number in skip])
        for number in self.inside[room] - skip:
            self.meant[number].append(frame)

    @rule(number=st.sampled_from(READERS), size=st.integers(0, 3000))
    def tell(self, number, size):
        frame = self.frame(size)
        self.fanout.tell(self.clients[number].connection, frame)
        self.meant[number].append(frame)

    @rule()
    def the_hub_turns(self):
        due, self.due[:] = list(self.due), []
        for work in due:
            work()

    @rule(number=st.sampled_from(READERS), most=st.integers(1, 5000))
    def somebody_reads_a_little(self, number, most):
        if number not in self.ended:
            self.clients[number].reads(most)

    @rule()
    def sockets_take_more(self):
        for callback in list(self.hub.writers.values()):
            callback(0)

    @precondition(lambda self: len(self.ended) < 2)
    @rule(number=st.sampled_from(READERS))
    def somebody_goes(self, number):
        if number not in self.ended:
            self.ended.add(number)
            self.clients[number].connection.fail(frames.REFUSED, "test")
            for room in ROOMS:
                self.leave(number, room)

    @invariant()
    def what_was_read_is_the_beginning_of_what_was_meant(self):
        for number, client in enumerate(self.clients):
            if number not in self.ended:
                assert b"".join(self.meant[number]).startswith(client.read)


EveryoneReadsWhatIsMeant.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestEveryoneReadsWhatIsMeant = EveryoneReadsWhatIsMeant.TestCase


def test_a_reader_that_does_not_read_is_closed_at_the_limit_and_costs_no_more(hub):
    engine = Engine()
    client = Client(engine, 2048)
    frame = frames.text("x" * 4000)

    pushed = 0
    while not client.connection.closed:
        client.connection.push(frame)
        pushed += len(frame)
        assert client.connection._waiting <= WAITING_BYTES + len(frame)

    assert pushed < 2 * WAITING_BYTES
    assert [reason for _, reason in engine.left] == ["slow reader"]
    assert not client.connection._rest
    assert not hub.writers
    client.theirs.close()


def test_a_reader_that_is_behind_is_spared_what_it_learns_again_later(hub):
    client = Client(Engine(), 2048)
    fanout = Fanout(lambda work: None)
    fanout.enter("tea", client.connection)
    message, typing = frames.text("m" * 1000), frames.text("typing")
    sent = 0
    while not client.connection.is_behind:
        fanout.tell_room("tea", message)
        fanout.flush()
        sent += 1

    fanout.tell_room("tea", typing, is_droppable=True)
    fanout.tell_room("tea", message)
    fanout.flush()
    drain(hub, client)

    assert client.read == message * (sent + 1)
    client.theirs.close()
    client.connection._sock.close()


def test_what_a_closing_client_still_has_to_hear_is_written_first(hub):
    client = Client(Engine(), 2048)
    big = frames.text("x" * 20_000)

    client.connection.push(big)
    client.connection.finish(frames.GOING_AWAY, "server stopping")
    drain(hub, client)

    assert client.read == big + frames.close(frames.GOING_AWAY)
    client.theirs.close()
    client.connection._sock.close()


def test_a_turn_is_one_write_for_each_member_however_much_was_said():
    class Reader:
        is_behind = False

        def __init__(self):
            self.rooms = set()
            self.pushed = []

        def push(self, data):
            self.pushed.append(data)

    due, readers = [], [Reader() for _ in range(10)]
    fanout = Fanout(due.append)
    for reader in readers:
        fanout.enter("tea", reader)
    for number in range(100):
        fanout.tell_room("tea", b"%d," % number, [readers[0]])
        fanout.tell(readers[0], b"own%d," % number)

    assert len(due) == 1
    due[0]()
    assert [len(reader.pushed) for reader in readers] == [1] * 10
    assert readers[1].pushed[0] is readers[9].pushed[0]
    assert readers[0].pushed[0] == b"".join(b"own%d," % number for number in range(100))


def test_who_is_closed_in_the_midst_of_what_was_read_is_read_no_further(hub, monkeypatch):
    client, unmask, unpacked = Client(Engine(), 2048), frames.unmask, []
    monkeypatch.setattr(frames, "unmask", lambda *of: unpacked.append(of) or unmask(*of))
    ping = bytes((0x80 | frames.PING, 0x80)) + b"mask"

    client.theirs.send(ping * 10_000)
    client.connection._readable(0)

    assert client.connection.closed
    assert len(unpacked) == MOST + 1
    client.theirs.close()
    client.connection._sock.close()
