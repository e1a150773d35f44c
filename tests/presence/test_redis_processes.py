"""What several processes owe each other: one winner, one telling, and nobody undone by who slept."""

import threading

import pytest

from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed
from app.chat.members import Member
from app.chat.refusals import NameTaken, Unavailable
from app.presence.keeping import ALIVE_MS
from tests.live import until
from tests.presence.contract import ANN, BOB, GRACE_S, LEASE_S, at_once

DEAD_S = ALIVE_MS / 1000 + 1
CLARA = Member("c", "Clara")


@pytest.fixture
def one(processes):
    return processes.start()


@pytest.fixture
def two(processes):
    return processes.start()


@pytest.fixture
def three(processes):
    return processes.start()


def hears(presence, *facts):
    """Until it has heard as many; then that it were these, and no more."""
    heard = []

    def listen():
        heard.extend(presence.news())
        return len(heard) >= len(facts)

    until(listen, what=f"news: {facts}")
    assert heard == list(facts)


def agree(room, *presences):
    """Each by its own mirror, and whoever has nobody there by Redis."""
    return all(presence.members(room) == presences[0].members(room) for presence in presences)


def test_what_one_process_does_is_news_to_the_others_once(one, two):
    one.enter("tea", BOB, "1")
    two.enter("tea", ANN, "2")
    hears(one, MemberJoined("tea", ANN))

    two.enter("tea", ANN, "3")
    two.rename("tea", Member("a", "Anna"))
    hears(one, MemberRenamed("tea", Member("a", "Anna"), "Ann"))
    assert one.member("tea", "a") == Member("a", "Anna")
    assert one.holder("tea", "ann") is None
    two.leave("tea", "a", "2")
    two.leave("tea", "a", "3")

    hears(one, MemberLeft("tea", Member("a", "Anna")))
    assert one.members("tea") == [BOB]
    assert two.news() == []


def test_one_member_in_two_processes_is_here_until_both_have_left(one, two):
    assert one.enter("tea", ANN, "1").is_new
    assert not two.enter("tea", Member("a", "Other"), "2").is_new
    assert one.connections("tea", "a") == ["1"]

    assert one.leave("tea", "a", "1") is None
    assert two.member("tea", "a") == ANN
    assert one.member("tea", "a") == ANN
    assert two.leave("tea", "a", "2") == ANN
    assert one.members("tea") == two.members("tea") == []


def test_of_many_claims_in_several_processes_one_wins(one, two, three):
    presences = [one, two, three]

    def claim(room, number):
        return presences[number % 3].enter(room, Member(str(number), "Ann"), f"{number}")

    for number in range(40):
        results = at_once(50, lambda n, room=f"r{number}": claim(room, n))

        assert sum(not isinstance(result, Exception) for result in results) == 1
    assert one.rooms() == {f"r{number}": 1 for number in range(40)}


def test_the_people_of_a_dead_process_are_told_as_gone_once(processes, one, two, three):
    one.enter("tea", ANN, "1")
    one.enter("milk", ANN, "1")
    two.enter("tea", BOB, "2")
    three.enter("tea", CLARA, "3")
    hears(two, MemberJoined("tea", CLARA))
    processes.kill(one)

    processes.wait(DEAD_S)
    until(lambda: two.sweep() == [] and not two.member("tea", "a"), what="Ann's connection given up")
    assert two.count("tea") == 3
    processes.wait(GRACE_S)
    gone = {"two": [], "three": []}
    threads = [
        threading.Thread(target=lambda: gone["two"].extend(two.sweep())),
        threading.Thread(target=lambda: gone["three"].extend(three.sweep())),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(gone["two"] + gone["three"]) == [("milk", ANN), ("tea", ANN)]
    teller, hearer = (two, three) if ("tea", ANN) in gone["two"] else (three, two)
    hears(hearer, MemberLeft("tea", ANN))
    assert teller.news() == two.sweep() == three.sweep() == []
    assert two.rooms() == {"tea": 2}


def test_who_slept_does_not_undo_the_living(processes, one, two):
    one.enter("tea", ANN, "1")
    one.enter("tea", CLARA, "2")
    two.enter("tea", BOB, "3")
    processes.kill(one)
    for seconds in (DEAD_S, GRACE_S, LEASE_S):
        processes.wait(seconds)
        two.sweep()
    thief = Member("t", "Ann")
    two.enter("tea", thief, "4")

    one.drop("unheard of")
    one.rename("tea", Member("c", "Clary"))

    assert one.ousted() == ["1"]
    assert one.connections("tea", "a") == []
    assert one.holder("tea", "Ann") == "t"
    assert sorted(one.members("tea"), key=lambda member: member.id) == [BOB, Member("c", "Clary"), thief]
    until(lambda: agree("tea", one, two), what="agreement")
    assert MemberLeft("tea", CLARA) not in one.news()


def test_a_process_that_was_given_up_comes_back_within_the_grace_unseen(processes, one, two):
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    hears(one, MemberJoined("tea", BOB))

    processes.wait(DEAD_S)
    two.sweep()

    until(lambda: two.member("tea", "a") == ANN, what="Ann's connection again")
    processes.wait(GRACE_S)
    assert one.sweep() == two.sweep() == one.news() == two.news() == []
    one._keeper.beat()
    processes.kill(one)
    for seconds in (DEAD_S, GRACE_S):
        processes.wait(seconds)
        gone = two.sweep()
    assert gone == [("tea", ANN)]


def test_a_process_whose_time_ran_out_unnoticed_lives_on(processes, one, two):
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    begun = one.health()["begun"]
    processes.wait(DEAD_S)

    one._keeper.beat()

    assert two.sweep() == []
    assert two.member("tea", "a") == ANN
    assert one.health()["begun"] == begun


def test_a_process_that_ends_gives_its_people_up_at_once(processes, one, two):
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    one.close()

    assert two.sweep() == []
    assert two.count("tea") == 2
    processes.wait(GRACE_S)
    assert two.sweep() == [("tea", ANN)]
    with pytest.raises(NameTaken):
        two.enter("tea", Member("t", "Ann"), "3")


def test_people_are_put_back_when_redis_lost_everything(processes, redis_server, one, two, three):
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    one.enter("tea", CLARA, "3")
    until(lambda: agree("tea", one, two, three), what="agreement")
    one.news(), two.news()

    redis_server.flushes()

    until(lambda: three.members("tea") == [ANN, BOB, CLARA], what="everybody put back, first come first")
    until(lambda: one.health()["stale"] == two.health()["stale"] == 0, what="rooms put right")
    assert one.members("tea") == two.members("tea") == [ANN, BOB, CLARA]
    assert one.news() == two.news() == one.sweep() == two.sweep() == []


def test_what_was_not_heard_is_read_a_little_later(processes, one, two):
    one.enter("tea", ANN, "1")
    with processes.deafen(one, "tea"):
        two.enter("tea", BOB, "2")

    hears(one, MemberJoined("tea", BOB))
    assert one.members("tea") == [ANN, BOB]


def test_what_was_not_heard_is_read_when_the_next_is_heard(processes, one, two):
    one.enter("tea", ANN, "1")
    one._keeper._compare = lambda: None
    with processes.deafen(one, "tea"):
        two.enter("tea", BOB, "2")

    two.enter("tea", CLARA, "3")

    until(lambda: one.members("tea") == [ANN, BOB, CLARA], what="everybody")
    until(lambda: not one.health()["stale"], what="rooms put right")
    assert sorted(fact.member.id for fact in one.news()) == ["b", "c"]


def test_a_newcomer_not_heard_of_is_news_when_they_come_here_too(processes, one, two):
    one.enter("tea", BOB, "1")
    with processes.deafen(one, "tea"):
        two.enter("tea", ANN, "2")

    assert not one.enter("tea", ANN, "3").is_new

    assert one.news() == [MemberJoined("tea", ANN)]


@pytest.mark.parametrize("data", ["", "x", "\x93\x01\x02\x03", "\x97\x01\xa1p\xa1a\xa1b\x01\x01\x01"])
def test_what_is_not_ours_makes_a_process_read_and_changes_nothing(redis_server, one, data):
    one.enter("tea", ANN, "1")
    begun = one.health()["begun"]

    redis_server.asks("SPUBLISH", "chat:{tea}:people", data)

    until(lambda: one.health()["begun"] > begun, what="reading again")
    assert one.members("tea") == [ANN]
    assert one.news() == []


def test_a_redis_that_lost_its_last_writes_is_believed(redis_server, one, two):
    """As a replica may have that takes its place."""
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    two.enter("tea", CLARA, "3")
    until(lambda: agree("tea", one, two), what="agreement")
    client = one._link.client
    before = {key: client.dump(key) for key in client.keys("chat:{tea}:*")}
    for name in ("Bobby", "Robert"):
        two.rename("tea", Member("b", name))
    two.leave("tea", "c", "3")
    until(lambda: len(one.members("tea")) == 2, what="the writes")

    for key in client.keys("chat:{tea}:*"):
        client.delete(key)
    for key, value in before.items():
        client.restore(key, 0, value)

    until(lambda: one.members("tea")[1] == BOB, 10, "what Redis says")
    until(lambda: agree("tea", one, two), 10, "agreement")
    until(lambda: not any(each.health()["stale"] for each in (one, two)), what="calm")
    begun = one.health()["begun"]
    two.enter("tea", CLARA, "4")
    until(lambda: len(one.members("tea")) == 3 and agree("tea", one, two), what="what comes then")
    assert one.health()["begun"] == begun


def test_while_redis_is_away_the_talk_goes_on_and_nobody_leaves(redis_server, one, two):
    one.enter("tea", ANN, "1")
    one.enter("tea", CLARA, "3")
    two.enter("tea", BOB, "2")
    until(lambda: agree("tea", one, two), what="agreement")
    one.news(), two.news()
    redis_server.stop()

    assert (one.member("tea", "a"), one.connections("tea", "a")) == (ANN, ["1"])
    assert one.members("tea") == [ANN, CLARA, BOB]
    with pytest.raises(Unavailable):
        one.enter("tea", Member("d", "Dora"), "4")
    with pytest.raises(Unavailable):
        one.rename("tea", Member("a", "Anna"))
    with pytest.raises(Unavailable):
        one.enter("milk", ANN, "1")
    one.drop("1")
    assert not one.enter("tea", ANN, "5").is_new
    assert one.leave("tea", "c", "3") is None
    assert not one.is_well
    assert one.sweep() == one.news() == []
    redis_server.start()

    until(lambda: one.is_well and two.is_well, what="processes that are well")
    until(lambda: one.health()["stale"] == two.health()["stale"] == 0, what="rooms put right")
    until(lambda: one.member("tea", "b") == BOB and two.member("tea", "a") == ANN, what="everybody put back")
    assert one.connections("tea", "a") == ["5"]
    assert one.enter("tea", Member("d", "Dora"), "6").is_new
    hears(two, MemberJoined("tea", Member("d", "Dora")))
    assert one.news() == two.sweep() == []


def test_who_left_while_redis_did_not_answer_is_told_when_it_does(redis_server, one, two):
    one.enter("tea", ANN, "1")
    two.enter("tea", BOB, "2")
    hears(one, MemberJoined("tea", BOB))
    redis_server.freezes()
    assert two.sweep() == []
    assert two.leave("tea", "b", "2") is None
    assert two.rooms_of("2") == ()
    redis_server.thaws()

    hears(one, MemberLeft("tea", BOB))
    assert one.enter("tea", Member("t", "Bob"), "3").is_new


def test_rooms_that_everybody_left_take_no_key_and_no_memory(redis_server, processes, one, two):
    for number in range(20):
        one.enter(f"r{number}", ANN, "1")
        two.enter(f"r{number}", BOB, "2")
        with pytest.raises(NameTaken):
            two.enter(f"r{number}", Member("t", "Ann"), "3")
        one.leave(f"r{number}", "a", "1")
        two.drop("2")
    processes.wait(GRACE_S)
    one.sweep()
    processes.wait(LEASE_S)
    one.sweep()

    assert not one._hosting.rooms
    assert not two._hosting.rooms_of
    assert redis_server.asks("DBSIZE") == ":1"


def test_after_redis_was_away_everybody_may_say_who_is_there_before_anybody_is_swept(redis_server, processes, one, two):
    one.enter("tea", ANN, "1")
    two.enter("tea", CLARA, "2")
    two.enter("tea", BOB, "3")
    until(lambda: agree("tea", one, two), what="agreement")
    one.news(), two.news()
    two.drop("3")
    two._keeper.stop()
    redis_server.freezes()
    assert one.sweep() == two.sweep() == []
    assert not two.enter("tea", BOB, "4").is_new
    redis_server.thaws()
    until(lambda: one._link.is_well and two._link.is_well, what="Redis")
    processes.wait(GRACE_S)

    assert one.sweep() == []
    two.enter("tea", CLARA, "5")

    until(lambda: one.member("tea", "b") == BOB, what="Bob")
    assert one.news() == two.news() == []
