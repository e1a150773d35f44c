"""Who does not read must cost little and lose nothing. Row 28 of the threats, against the live server."""

import json
import time
from contextlib import suppress

import pytest

from tests.hostile.crowd import Crowd, least_p99_ms
from tests.hostile.line import Line
from tests.hostile.watch import MB, watched_server

SLOW, READERS = 20, 80
WAITING_BYTES = 256 * 1024
# Messages of 5 KB: half of what may wait are 26 of them.
SPARE = 13


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_MESSAGES_PER_10S": "100000", "CHAT_TYPING_PER_10S": "100000"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, server_settings):
    yield from watched_server(tmp_path_factory.mktemp("server"), server_settings)


class Deaf:
    """In the room, never reads another byte, but answers every ping."""

    def __init__(self, port, room, number):
        self.line = Line(port)
        ready = self.line.opens()
        self.id, self.token, self.name = ready["member"]["id"], ready["token"], f"deaf {number}"
        self.line.hears_little()
        answer = self.line.asks("room:join", {"room": room, "name": self.name})
        self.epoch = answer["epoch"]


@pytest.mark.alone
def test_twenty_of_a_hundred_never_read(house, server):
    speaker, greenlets = house.guest("Speaker"), server.greenlets()
    bodies, deaf = [], []

    def attack():
        room = house.fresh_room()
        deaf[:] = [Deaf(server.port, room, number) for number in range(SLOW)]
        speaker.joins(room)
        bodies.clear()
        with Crowd(server.port, room, READERS, pause_s=4) as crowd:
            memory, highest = server.memory(), 0
            while len(cut_off(server, deaf)) < SLOW:
                assert len(bodies) < 600
                bodies.append(f"{len(bodies)} " + "x" * 4_900)
                assert speaker.says(bodies[-1], room=room).ok
                highest = max(highest, server.memory())
                if len(bodies) % 50 == 0:
                    for each in deaf:
                        lives(each)
                time.sleep(0.04)
            while len(crowd.waits) <= 100:
                time.sleep(0.1)
        assert highest - memory < SLOW * WAITING_BYTES + 20 * MB
        speaker.room = room
        return crowd

    assert least_p99_ms(250, attack) <= 250
    # Closed, not forgotten: it reads on by number.
    head = speaker.reads()["head"]
    back = house.guest(deaf[0].name, token=deaf[0].token)
    answer = back.joins(speaker.room, since={"epoch": deaf[0].epoch, "seq": head - 10})
    assert (answer["reset"], answer["complete"]) == (False, True)
    assert [message["seq"] for message in answer["messages"]] == list(range(head - 9, head + 1))
    for each in deaf:
        each.line.close()
    server.settles(greenlets)


def test_from_half_of_it_on_a_slow_reader_is_spared_what_it_can_learn_again(house, server):
    """Row 28 of the threats: who types and who went is left out, nothing that was said is."""
    speaker, typist = house.guest("Speaker"), house.guest("Typist")

    def talks(most):
        """After each message somebody types; until the deaf one is cut off, or so many were said."""
        room, said = house.fresh_room(), []
        speaker.joins(room)
        typist.joins(room)
        deaf = Deaf(server.port, room, 0)
        while len(said) < most and not cut_off(server, [deaf]):
            said.append(f"{len(said)} " + "x" * 4_900)
            assert speaker.says(said[-1], room=room).ok
            assert typist.types(room).ok
            if len(said) % 50 == 0:
                lives(deaf)
        return deaf, said, room

    probe, most, _ = talks(600)
    assert cut_off(server, [probe])
    deaf, said, room = talks(len(most) - SPARE)
    assert not cut_off(server, [deaf])
    speaker.forgets()
    typist.leaves(room)
    speaker.waits_for("members:changed", room=room, joined=[])
    assert speaker.says("last", room=room).ok

    deaf.line.hears_little(MB)
    heard = [event for event, _ in reads_up_to(deaf, "last")]
    assert heard.count("message:posted") == len(said) + 1
    typed = [at for at, event in enumerate(heard) if event == "typing:changed"]
    assert typed
    assert heard[typed[-1] + 1 :].count("message:posted") > SPARE
    assert "members:changed" not in heard[typed[-1] :]
    # It has caught up, and is told as everybody is.
    speaker.forgets()
    typist.joins(room)
    speaker.waits_for("members:changed", room=room, left=[])
    typist.types(room)
    assert speaker.says("and on", room=room).ok
    assert {"members:changed", "typing:changed"} <= {event for event, _ in reads_up_to(deaf, "and on")}
    probe.line.close()
    deaf.line.close()


def reads_up_to(deaf, body):
    """(event, payload) of all that comes, to the message that says this."""
    while True:
        event, payload = json.loads(deaf.line.receive_until("42")[2:])
        yield event, payload
        if payload.get("body") == body:
            return


def cut_off(server, deaf):
    ended = [line for line in server.log().splitlines() if 'why="slow reader"' in line]
    return [each for each in deaf if any(each.id in line for line in ended)]


def lives(each):
    with suppress(OSError):
        each.line.send("3")
