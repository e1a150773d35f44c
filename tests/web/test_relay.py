"""What crosses processes: the bus is a doorbell, the database is the truth."""

from collections import defaultdict
from types import SimpleNamespace

import pytest
from flask import Flask

from app.chat.facts import MemberKicked, MemberTyping, MessagePosted, RoomMoved
from app.chat.members import Member
from app.chat.messages import Message
from app.chat.ports import Page
from app.chat.refusals import Unavailable
from app.chat.rooms import Room
from app.config import Settings
from app.web import api
from app.web.draining import Drain
from app.web.limits import RateLimits
from app.web.relay import PATIENCE_S, Relay

ANN = Member("a", "Ann")


def message(seq, room="tea"):
    return Message(room, seq, seq, "text", ANN, f"m{seq}", 0, f"{seq:032x}")


class Log:
    """The chat, as far as the relay asks it: a room's numbers, read in pages of three."""

    def __init__(self):
        self.head = 0
        self.is_away = False
        self.is_whole = True
        self.reads = 0

    def room(self, slug):
        return Room(slug, slug, "e", self.head, 0, False)

    def heads(self, slugs):
        if self.is_away:
            raise Unavailable("away")
        return dict.fromkeys(slugs, self.head)

    def history(self, slug, before, after_seq, limit):
        if self.is_away:
            raise Unavailable("away")
        self.reads += 1
        assert self.reads < 100, "reads without end"
        found = [message(seq) for seq in range(after_seq + 1, min(after_seq + 3, self.head) + 1)]
        return Page(self.room(slug), found, after_seq + 3 < self.head)


class Listeners:
    def __init__(self):
        self.told = []
        self.is_there = True

    def post(self, message, encoded):
        assert encoded.shared
        self.told.append(message.seq)

    def tell_everybody(self, event, payload):
        self.told.append((event, payload.degraded))

    def tell(self, facts):
        self.told += facts

    def is_heard(self, room):
        return self.is_there


class Bus:
    is_shared = is_well = True

    def __init__(self):
        self.rung = []
        self.rooms = set()

    def listen(self, room):
        self.rooms.add(room)

    def ignore(self, room):
        self.rooms.discard(room)

    def ring(self, fact):
        self.rung.append(fact)


class Scene:
    def __init__(self, is_shared=True):
        self.log, self.listeners, self.bus = Log(), Listeners(), Bus()
        self.bus.is_shared = is_shared
        self.due = defaultdict(list)
        self.kicks = []
        self.relay = Relay(
            self.log,
            self.listeners,
            SimpleNamespace(note=self.notes, carry_out=self.kicks.append, recall=lambda: self.kicks.append("recalled")),
            self.bus,
            lambda work, after_s: self.due[after_s].append(work),
            Settings(),
        )

    def notes(self, kick):
        if self.log.is_away:
            raise Unavailable("away")
        self.kicks.append("noted")

    def passes(self):
        while self.due:
            for works in (self.due.pop(after_s) for after_s in sorted(self.due)):
                for work in works:
                    work()

    def said_there(self, *seqs):
        for seq in seqs:
            self.log.head = max(self.log.head, seq)
            self.relay._hear(MessagePosted(message(seq)))

    def said_here(self, seq):
        self.log.head = max(self.log.head, seq)
        self.relay.tell([MessagePosted(message(seq))])


@pytest.fixture
def scene():
    scene = Scene()
    scene.relay.host("tea")
    return scene


def test_alone_a_message_goes_straight_to_who_listens():
    scene = Scene(is_shared=False)
    scene.relay.host("tea")
    scene.said_here(5)

    assert scene.listeners.told == [5]
    assert scene.bus.rooms == set()


def test_what_is_said_here_and_there_is_told_in_one_order(scene):
    scene.said_here(1)
    scene.said_there(2)
    scene.said_here(4)
    scene.said_there(3)
    scene.passes()

    assert scene.listeners.told == [1, 2, 3, 4]
    assert scene.log.reads == 0
    assert [fact.message.seq for fact in scene.bus.rung] == [1, 4]


def test_what_the_bus_lost_is_read_when_a_later_message_shows_the_hole(scene):
    scene.said_there(1)
    scene.said_there(9)
    assert scene.listeners.told == [1]
    assert list(scene.due) == [PATIENCE_S]
    scene.passes()

    assert scene.listeners.told == list(range(1, 10))
    assert scene.relay.healed == 7


def test_many_that_come_early_make_one_reading(scene):
    scene.said_there(3, 4, 5, 6)
    scene.passes()

    assert scene.listeners.told == [1, 2, 3, 4, 5, 6]
    assert scene.log.reads == 1


def test_a_bell_without_its_message_is_read(scene):
    scene.log.head = 2
    scene.relay._hear(RoomMoved("tea", 2))
    scene.passes()

    assert scene.listeners.told == [1, 2]
    scene.relay._hear(RoomMoved("tea", 2))
    assert not scene.due


def test_a_bell_of_what_the_database_lost_is_not_read_for_without_end(scene):
    scene.log.head = 4
    scene.relay._hear(RoomMoved("tea", 9))
    scene.passes()
    assert scene.listeners.told == [1, 2, 3, 4]
    assert scene.log.reads == 3

    scene.log.head = 9
    scene.relay.heal()
    scene.passes()
    assert scene.listeners.told == list(range(1, 10))


def test_silence_is_healed_by_looking_at_the_numbers(scene):
    scene.log.head = 4
    scene.relay.heal()
    scene.passes()

    assert scene.listeners.told == [1, 2, 3, 4]


def test_a_database_that_is_away_is_asked_again(scene):
    scene.said_there(2)
    scene.log.is_away = True
    scene.passes()
    with pytest.raises(Unavailable):
        scene.relay.heal()
    scene.log.is_away = False
    scene.relay.heal()
    scene.passes()

    assert scene.listeners.told == [1, 2]


def test_a_room_nobody_hears_any_more_is_let_go_at_the_second_look(scene):
    scene.listeners.is_there = False
    scene.relay.heal()
    assert scene.bus.rooms == {"tea"}
    scene.relay.heal()
    assert scene.bus.rooms == set()

    scene.said_there(1)
    scene.passes()
    assert scene.listeners.told == []


def test_a_room_that_is_hosted_again_is_kept_until_somebody_can_listen(scene):
    scene.listeners.is_there = False
    scene.relay.heal()
    scene.relay.host("tea")
    scene.relay.heal()

    scene.listeners.is_there = True
    scene.said_here(1)
    scene.said_there(2)
    assert scene.bus.rooms == {"tea"}
    assert scene.listeners.told == [1, 2]


def test_a_room_that_was_just_let_go_is_kept_as_long_when_it_is_hosted_again(scene):
    scene.listeners.is_there = False
    scene.relay.heal()
    scene.relay.heal()
    scene.relay.host("tea")
    scene.relay.heal()

    assert scene.bus.rooms == {"tea"}
    scene.relay.heal()
    assert scene.bus.rooms == set()


def test_a_room_that_is_hosted_while_another_is_let_go_is_kept(scene):
    scene.relay.host("milk")
    scene.listeners.is_there = False
    scene.relay.heal()
    ignored = []

    def slow(room):
        ignored.append(room)
        scene.relay.host("tea" if room == "milk" else "milk")

    scene.bus.ignore = slow
    scene.relay.heal()

    assert len(ignored) == 1


def test_a_follower_is_hosted_when_nothing_is_to_be_waited_for_any_more(scene):
    def start_page(room, place):
        for _ in range(3):
            scene.relay.heal()
        return Page(scene.log.room(room), [], False), False

    scene.listeners.is_there = False
    app = Flask(__name__)
    app.testing = True
    chat, followers = SimpleNamespace(approach=lambda *_: None), SimpleNamespace(start_page=start_page)
    app.register_blueprint(api.blueprint(chat, None, followers, scene.relay, RateLimits(Settings()), Drain()))
    # Who has no socket is refused, but only at the last step.
    with pytest.raises(Unavailable, match="not our server"):
        app.test_client().get("/api/v1/rooms/tea/events")

    assert scene.bus.rooms == {"tea"}


def test_who_comes_to_a_room_hears_what_is_said_after_and_nothing_before():
    scene = Scene()
    scene.log.head = 40
    scene.relay.host("tea")
    scene.said_there(40, 41)

    assert scene.listeners.told == [41]


def test_typing_is_told_here_and_there(scene):
    scene.relay.tell([MemberTyping("tea", ANN)])
    scene.relay._hear(MemberTyping("tea", ANN))

    assert scene.listeners.told == [MemberTyping("tea", ANN)] * 2
    assert scene.bus.rung == [MemberTyping("tea", ANN)]


def test_everybody_is_told_once_when_others_go_out_of_reach_and_once_when_they_are_back(scene):
    for is_well, is_whole in ((True, True), (False, True), (False, False), (True, False), (True, True), (True, True)):
        scene.bus.is_well, scene.log.is_whole = is_well, is_whole
        scene.relay.look()

    assert scene.listeners.told == [("server:changed", True), ("server:changed", False)]


def test_a_kick_is_carried_out_here_and_there(scene):
    scene.relay.tell([MemberKicked("tea", ANN)])
    scene.relay._hear(MemberKicked("milk", ANN))
    scene.passes()

    assert scene.bus.rung == [MemberKicked("tea", ANN)]
    assert scene.kicks == ["noted", MemberKicked("tea", ANN), MemberKicked("milk", ANN)]


def test_a_kick_that_cannot_be_noted_is_told_to_nobody(scene):
    scene.log.is_away = True
    with pytest.raises(Unavailable):
        scene.relay.tell([MemberKicked("tea", ANN)])

    assert (scene.bus.rung, scene.kicks) == ([], [])


@pytest.mark.parametrize("is_well, is_whole", [(False, True), (True, False)])
def test_nothing_that_all_must_hear_is_begun_while_some_are_out_of_reach(scene, is_well, is_whole):
    scene.relay.check_reach()
    scene.bus.is_well, scene.log.is_whole = is_well, is_whole

    with pytest.raises(Unavailable) as no:
        scene.relay.check_reach()
    assert no.value.retry_after_ms


def test_kicks_are_read_once_whenever_the_others_come_in_reach(scene):
    for is_well in (False, True, True, False, False, True):
        scene.bus.is_well = is_well
        scene.relay.look()

    assert scene.kicks == ["recalled"] * 2
