"""What every message store promises. A backend's test module subclasses this and makes `store` and `reopen`."""

import itertools
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.chat.members import Member
from app.chat.messages import Draft
from app.chat.refusals import ClientIdConflict

ANN, BOB = Member("a", "Ann"), Member("b", "Bob")


def draft(body="hello", room="tea", author=ANN, client_id=None, kind="text"):
    return Draft(room, room.title(), author, kind, body, client_id or secrets.token_hex(16))


class StoreContract:
    """`store` is empty; `reopen()` closes it and gives the same data again."""

    def test_a_room_without_messages_has_an_epoch_that_its_first_message_keeps(self, store):
        before = store.room("tea")
        store.append(draft())
        after = store.room("tea")

        assert (before.head, before.created_at_ms, before.is_locked) == (0, None, False)
        assert (after.head, after.title) == (1, "Tea")
        assert after.created_at_ms is not None
        assert before.epoch == after.epoch
        assert store.room("milk").epoch != after.epoch

    def test_numbers_count_from_one_in_each_room(self, store):
        ids = [store.append(draft(room=room))[0].id for room in ("tea", "milk", "tea", "tea", "milk")]

        assert ids == [1, 1, 2, 3, 2]
        assert store.room("tea").head == 3

    def test_a_message_comes_back_as_it_was_recorded(self, store):
        text = "line one\n  два 🍵 <b>&amp;</b> ' \" \\ \u2028"
        recorded, is_new = store.append(draft(text, kind="action"))

        assert is_new
        assert (recorded.body, recorded.kind, recorded.author) == (text, "action", ANN)
        assert store.newest("tea", 10).messages == [recorded]
        assert store.changes("tea", 0, 10).messages == [recorded]

    def test_a_repeat_gives_the_first_message_and_takes_no_number(self, store):
        first, _ = store.append(draft("hello", client_id="ab" * 16))
        renamed = Member("a", "Anna")

        again, is_new = store.append(draft("hello", client_id="ab" * 16, author=renamed))

        assert (again, is_new) == (first, False)
        assert store.append(draft())[0].id == 2

    def test_another_body_under_one_client_id_is_a_conflict(self, store):
        store.append(draft("hello", client_id="ab" * 16))

        with pytest.raises(ClientIdConflict):
            store.append(draft("other", client_id="ab" * 16))
        with pytest.raises(ClientIdConflict):
            store.append(draft("hello", client_id="ab" * 16, kind="action"))
        assert store.room("tea").head == 1

    def test_a_client_id_belongs_to_one_member_in_one_room(self, store):
        store.append(draft(client_id="ab" * 16))

        assert store.append(draft(client_id="ab" * 16, author=BOB))[1]
        assert store.append(draft(client_id="ab" * 16, room="milk"))[1]

    def test_many_at_once_get_every_number_once(self, store):
        drafts = [draft(f"{n}", room=("tea", "milk")[n % 2]) for n in range(400)]

        with ThreadPoolExecutor(40) as pool:
            outcomes = list(pool.map(store.append, drafts))

        for room in ("tea", "milk"):
            assert sorted(message.id for message, _ in outcomes if message.room == room) == list(range(1, 201))
            assert store.room(room).head == 200
            assert [message.id for message in store.changes(room, 0, 500).messages] == list(range(1, 201))

    def test_one_client_id_sent_many_times_at_once_is_one_message(self, store):
        with ThreadPoolExecutor(30) as pool:
            outcomes = list(pool.map(lambda _: store.append(draft("hello", client_id="ab" * 16)), range(30)))

        assert len({message.id for message, _ in outcomes}) == 1
        assert sum(is_new for _, is_new in outcomes) == 1
        assert store.room("tea").head == 1

    def test_pages_end_where_there_is_nothing_more(self, store):
        for number in range(1, 6):
            store.append(draft(f"{number}"))

        assert ids(store.newest("tea", 2)) == ([4, 5], True)
        assert ids(store.newest("tea", 5)) == ([1, 2, 3, 4, 5], False)
        assert ids(store.newest("tea", 2, before=4)) == ([2, 3], True)
        assert ids(store.newest("tea", 2, before=3)) == ([1, 2], False)
        assert ids(store.newest("tea", 2, before=1)) == ([], False)
        assert ids(store.oldest("tea", 2, after=0)) == ([1, 2], True)
        assert ids(store.oldest("tea", 2, after=3)) == ([4, 5], False)
        assert ids(store.oldest("tea", 2, after=5)) == ([], False)
        assert ids(store.changes("tea", 3, 2)) == ([4, 5], False)
        assert ids(store.changes("tea", 3, 1)) == ([4], True)
        assert ids(store.changes("tea", 5, 1)) == ([], False)
        assert ids(store.newest("milk", 5)) == ([], False)

    def test_a_page_of_long_messages_is_cut_by_size_and_says_so(self, store):
        for number in range(1, 61):
            store.append(draft(f"{number} ".ljust(5000, "ы")))

        newest, oldest, changes = store.newest("tea", 60), store.oldest("tea", 60, 0), store.changes("tea", 0, 60)

        assert newest.more
        assert oldest.more
        assert changes.more
        assert [message.id for message in newest.messages][-1] == 60
        assert oldest.messages[0].id == changes.messages[0].id == 1
        for page in (newest, oldest, changes):
            assert 5 < len(page.messages) < 20
            found = [message.id for message in page.messages]
            assert found == list(range(found[0], found[0] + len(found)))

    def test_many_rooms_tell_their_last_numbers_at_once(self, store):
        for room in ("tea", "milk", "tea"):
            store.append(draft(room=room))

        assert store.heads([*(f"empty-{n}" for n in range(1200)), "tea", "milk"]) == {"tea": 2, "milk": 1}
        assert store.heads([]) == {}

    def test_a_lock_outlives_messages_and_needs_none(self, store):
        store.set_locked("tea", "Tea", True)
        assert store.room("tea").is_locked
        store.append(draft())
        assert store.room("tea").is_locked
        assert store.room("tea").head == 1

        store.set_locked("tea", "ignored", False)
        assert not store.room("tea").is_locked
        assert store.room("tea").title == "Tea"

    def test_rooms_that_look_the_same_are_found_the_oldest_first(self, store):
        for room in ("te\u0430m", "t\u0435\u0430m", "milk"):
            store.append(draft(room=room))
        store.set_locked("team", "Team", True)

        found = store.alike("t\u0435am", "t\u0435am")
        assert {room.slug for room in found} == {"te\u0430m", "t\u0435\u0430m", "team"}
        assert [room.created_at_ms for room in found] == sorted(room.created_at_ms for room in found)
        assert {room.title for room in store.alike("t\u0435\u0430m", "x")} == {"Te\u0430m", "Team"}
        assert store.alike("milk", "Milk") == []
        assert store.alike("nowhere", "nowhere") == []

    def test_a_look_given_to_many_rooms_costs_a_few_of_them(self, store):
        forms = ["".join(word) for word in itertools.product("o\u043e\u03bf", repeat=4)]
        for room in forms:
            store.set_locked(room, room, True)

        assert 0 < len(store.alike("oooo", "oooo")) <= 20

    def test_all_of_it_is_there_after_a_restart(self, store, reopen):
        message, _ = store.append(draft("hello", client_id="ab" * 16))
        room, empty = store.room("tea"), store.room("milk")

        again = reopen()

        assert again.room("tea") == room
        assert again.room("milk") == empty
        assert again.append(draft("hello", client_id="ab" * 16)) == (message, False)
        assert again.append(draft())[0].id == 2


def ids(page):
    return [message.id for message in page.messages], page.more
