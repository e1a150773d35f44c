"""Who does not read must cost little and lose nothing. Row 28 of the threats, against the live server."""

import time
from contextlib import suppress

import pytest

from tests.hostile.crowd import Crowd, least_p99_ms
from tests.hostile.line import Line
from tests.hostile.watch import MB, watched_server

SLOW, READERS = 20, 80
WAITING_BYTES = 256 * 1024


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_MESSAGES_PER_10S": "100000"}


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


def test_twenty_of_a_hundred_never_read(house, server):
    speaker = house.guest("Speaker")
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


def cut_off(server, deaf):
    ended = [line for line in server.log().splitlines() if 'why="slow reader"' in line]
    return [each for each in deaf if any(each.id in line for line in ended)]


def lives(each):
    with suppress(OSError):
        each.line.send("3")
