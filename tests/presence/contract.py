"""What every presence backend promises. A backend's test module subclasses this and makes `presence` and `wait`."""

import threading

import pytest

from app.chat.members import Member
from app.chat.refusals import NameTaken, NotInRoom, RoomFull

GRACE_S, LEASE_S, CAPACITY = 4, 120, 60

ANN, BOB = Member("a", "Ann"), Member("b", "Bob")


class PresenceContract:
    """`presence` has the grace, lease and capacity above; `wait(seconds)` lets that much of its time pass."""

    def test_the_first_connection_is_news_and_the_second_is_not(self, presence):
        assert presence.enter("tea", ANN, "1").is_new
        assert not presence.enter("tea", ANN, "2").is_new
        assert presence.members("tea") == [ANN]
        assert presence.count("tea") == 1
        assert sorted(presence.connections("tea", "a")) == ["1", "2"]

    def test_entering_twice_over_one_connection_does_no_harm(self, presence):
        presence.enter("tea", ANN, "1")
        assert not presence.enter("tea", ANN, "1").is_new

        assert presence.leave("tea", "a", "1") == ANN
        assert presence.members("tea") == []

    def test_a_connection_is_where_it_entered_until_it_leaves_or_drops(self, presence):
        for room in ("tea", "milk", "rice"):
            presence.enter(room, ANN, "1")
        presence.enter("soup", ANN, "2")

        presence.leave("milk", "a", "1")
        assert sorted(presence.rooms_of("1")) == ["rice", "tea"]
        presence.drop("1")

        assert len(presence.rooms_of("1")) == len(presence.rooms_of("nobody")) == 0
        assert list(presence.rooms_of("2")) == ["soup"]

    def test_rooms_know_nothing_of_each_other(self, presence):
        presence.enter("tea", ANN, "1")
        presence.enter("milk", Member("b", "Ann"), "2")

        assert presence.members("tea") == [ANN]
        assert presence.member("milk", "a") is None

    def test_a_taken_name_leaves_no_trace_of_who_asked(self, presence):
        presence.enter("tea", ANN, "1")

        with pytest.raises(NameTaken):
            presence.enter("tea", Member("b", "ANN"), "2")

        assert not presence.knows("tea", "b")
        assert presence.connections("tea", "b") == []
        assert presence.count("tea") == 1

    def test_of_many_claims_at_one_moment_one_wins(self, presence):
        for number in range(50):
            results = at_once(20, lambda n, number=number: presence.enter(f"r{number}", Member(str(n), "Ann"), f"{n}"))

            assert sum(not isinstance(result, Exception) for result in results) == 1
            assert presence.count(f"r{number}") == 1

    def test_leaving_frees_the_name_with_the_last_connection(self, presence):
        presence.enter("tea", ANN, "1")
        presence.enter("tea", ANN, "2")

        assert presence.leave("tea", "a", "1") is None
        assert presence.holder("tea", "ann") == "a"
        assert presence.leave("tea", "a", "2") == ANN
        assert presence.holder("tea", "ann") is None
        assert presence.enter("tea", Member("b", "Ann"), "3").is_new

    def test_who_is_not_here_cannot_leave_or_rename(self, presence):
        with pytest.raises(NotInRoom):
            presence.leave("tea", "a", "1")
        with pytest.raises(NotInRoom):
            presence.rename("tea", ANN)

    def test_a_rename_swaps_the_claim_in_one_step(self, presence):
        presence.enter("tea", ANN, "1")
        presence.enter("tea", BOB, "2")

        with pytest.raises(NameTaken):
            presence.rename("tea", Member("a", "bob"))
        assert presence.member("tea", "a") == ANN
        assert presence.rename("tea", Member("a", "Anna")) == "Ann"
        assert presence.holder("tea", "Ann") is None
        assert presence.members("tea") == [Member("a", "Anna"), BOB]

    def test_changing_only_the_case_of_ones_name_is_allowed(self, presence):
        presence.enter("tea", ANN, "1")

        assert presence.rename("tea", Member("a", "ANN")) == "Ann"
        assert presence.holder("tea", "ann") == "a"

    def test_a_second_connection_takes_the_name_the_room_knows(self, presence):
        presence.enter("tea", ANN, "1")

        entry = presence.enter("tea", Member("a", "Other"), "2")

        assert (entry.member, entry.is_new, entry.old_name) == (ANN, False, None)

    def test_a_drop_shorter_than_the_grace_is_not_seen(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1")
        wait(GRACE_S - 1)

        assert presence.sweep() == []
        assert presence.members("tea") == [ANN]
        assert presence.member("tea", "a") is None
        assert not presence.enter("tea", ANN, "2").is_new
        wait(GRACE_S + 1)
        assert presence.sweep() == []

    def test_who_is_sent_away_gets_no_grace(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1", at_once=True)
        wait(0.001)

        assert presence.sweep() == [("tea", ANN)]
        with pytest.raises(NameTaken):
            presence.enter("tea", Member("b", "Ann"), "2")
        assert presence.enter("tea", ANN, "3").is_new

    def test_coming_back_under_another_name_is_a_rename(self, presence):
        presence.enter("tea", ANN, "1")
        presence.drop("1")

        entry = presence.enter("tea", Member("a", "Anna"), "2")

        assert (entry.member.name, entry.is_new, entry.old_name) == ("Anna", False, "Ann")
        assert presence.holder("tea", "Ann") is None

    def test_a_longer_drop_is_told_once(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1")
        wait(GRACE_S + 0.1)

        assert presence.sweep() == [("tea", ANN)]
        assert presence.sweep() == []
        assert presence.members("tea") == []
        assert presence.count("tea") == 0

    def test_a_name_waits_for_its_owner_until_the_lease_ends(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1")
        wait(GRACE_S + 1)
        presence.sweep()
        wait(LEASE_S - GRACE_S - 2)
        presence.sweep()

        with pytest.raises(NameTaken):
            presence.enter("tea", Member("thief", "Ann"), "2")
        assert presence.knows("tea", "a")
        wait(3)
        presence.sweep()
        assert not presence.knows("tea", "a")
        assert presence.enter("tea", Member("b", "Ann"), "3").is_new

    def test_an_owner_who_returns_within_the_lease_is_new_to_the_room(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1")
        wait(GRACE_S + 1)
        presence.sweep()

        entry = presence.enter("tea", ANN, "2")

        assert (entry.is_new, entry.old_name) == (True, None)
        assert presence.count("tea") == 1

    def test_two_drops_of_one_member_do_not_shorten_the_second_grace(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.drop("1")
        wait(GRACE_S - 1)
        presence.enter("tea", ANN, "2")
        presence.drop("2")
        wait(2)

        assert presence.sweep() == []
        wait(GRACE_S)
        assert presence.sweep() == [("tea", ANN)]

    def test_a_drop_leaves_every_room_and_an_unknown_connection_none(self, presence, wait):
        presence.enter("tea", ANN, "1")
        presence.enter("milk", ANN, "1")

        presence.drop("unheard of")
        presence.drop("1")
        wait(GRACE_S + 1)

        assert sorted(presence.sweep()) == [("milk", ANN), ("tea", ANN)]

    def test_a_full_room_refuses_newcomers_and_takes_back_its_own(self, presence):
        for number in range(CAPACITY):
            presence.enter("tea", Member(str(number), f"name {number} x"), f"c{number}")

        with pytest.raises(RoomFull):
            presence.enter("tea", ANN, "late")
        presence.drop("c0")
        assert not presence.enter("tea", Member("0", "name 0 x"), "again").is_new


def at_once(count, work):
    """`work(n)` in `count` threads that start at one moment; what each returned or raised."""
    gate = threading.Barrier(count)
    results = [None] * count

    def run(number):
        gate.wait()
        try:
            results[number] = work(number)
        except (NameTaken, RoomFull) as refusal:
            results[number] = refusal

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
