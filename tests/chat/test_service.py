"""The use cases against real backends: a SQLite file and presence in memory."""

import secrets

import pytest

from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed, MessagePosted
from app.chat.members import Member
from app.chat.refusals import Forbidden, NameInvalid, NameTaken, NotInRoom, RoomInvalid, RoomLocked
from app.chat.service import Chat, Limits
from app.presence.memory import MemoryPresence
from app.store import open_store, sqlite_url


@pytest.fixture
def store(tmp_path):
    store = open_store(sqlite_url(tmp_path))
    yield store
    store.close()


@pytest.fixture
def chat(store, clock):
    presence = MemoryPresence(clock, grace_s=4, lease_s=120, capacity=100)
    return Chat(store, presence, Limits(history_page=3, resume_changes=5, rooms_per_connection=2), operator="Vera")


def say(chat, room, member_id, body):
    return chat.say(room, member_id, body, secrets.token_hex(16))


def test_the_first_connection_joins_and_the_second_is_no_news(chat):
    member, facts = chat.join("tea", "a", " Ann ", "tab-1")
    assert facts == [MemberJoined("tea", Member("a", "Ann"))]
    assert member == Member("a", "Ann")

    assert chat.join("tea", "a", "Ann", "tab-2") == (Member("a", "Ann"), [])


def test_a_second_tab_with_an_older_name_takes_the_name_the_room_knows(chat):
    chat.join("tea", "a", "Ann", "tab-1")
    chat.rename("tea", "a", "Anna")

    assert chat.join("tea", "a", "Ann", "tab-2") == (Member("a", "Anna"), [])


def test_a_name_like_somebody_elses_is_refused(chat):
    chat.join("tea", "a", "Ann", "1")

    with pytest.raises(NameTaken):
        chat.join("tea", "b", "\u0410NN", "2")
    with pytest.raises(NameTaken):
        chat.check_entry("tea", "b", "ann")

    assert chat.check_entry("tea", "a", "ANN") == "ANN"
    assert chat.check_entry("other", "b", "Ann") == "Ann"


def test_whoever_wants_a_taken_name_is_offered_free_ones_like_it(chat):
    for number, name in enumerate(("Ann", "ann 3", "Ben")):
        chat.join("tea", name, name, str(number))

    for attempt in (
        lambda: chat.join("tea", "b", "Ann", "9"),
        lambda: chat.check_entry("tea", "b", "Ann"),
        lambda: chat.rename("tea", "Ben", "Ann"),
    ):
        with pytest.raises(NameTaken) as no:
            attempt()
        assert no.value.free == ["Ann 2", "Ann 4", "Ann 5"]


@pytest.mark.parametrize("name", ["Vera", "VERA", " v e r a ", "V\u0435ra", "System", "0perator", "S\u0435rver"])
def test_nobody_is_called_like_the_operator_or_the_server(chat, name):
    chat.join("tea", "a", "Ann", "1")

    for attempt in (
        lambda: chat.join("tea", "b", name, "2"),
        lambda: chat.rename("tea", "a", name),
        lambda: chat.check_entry("milk", "b", name),
        lambda: chat.clean_name(name),
    ):
        with pytest.raises(NameInvalid, match="reserved"):
            attempt()


def test_a_connection_is_in_so_many_rooms_and_no_more(chat):
    chat.join("tea", "a", "Ann", "1")
    chat.join("milk", "a", "Ann", "1")

    with pytest.raises(Forbidden, match="2 rooms"):
        chat.join("rice", "a", "Ann", "1")

    assert chat.members("rice") == []
    assert chat.join("tea", "a", "Ann", "1")[1] == [], "one that it is in already"
    assert chat.join("rice", "a", "Ann", "2")[1], "another connection"
    chat.leave("milk", "a", "1")
    assert chat.join("soup", "a", "Ann", "1")[1]


def test_only_an_address_in_its_one_form_is_a_room(chat):
    with pytest.raises(RoomInvalid):
        chat.join("Tea", "a", "Ann", "1")


def test_a_room_keeps_the_name_it_was_opened_under(chat):
    assert chat.open("Tea & Biscuits!") == "tea-biscuits"
    assert chat.room("tea-biscuits").title == "Tea & Biscuits!"
    assert chat.room("tea-biscuits").created_at_ms is None

    chat.join("tea-biscuits", "a", "Ann", "1")
    say(chat, "tea-biscuits", "a", "hello")
    chat.open("tea biscuits")

    assert chat.room("tea-biscuits").title == "Tea & Biscuits!"
    assert chat.room("tea-biscuits").created_at_ms is not None


def test_a_room_is_told_from_one_that_looks_the_same_and_has_talk_or_people(chat):
    chat.open("Team")
    assert chat.look_alike(chat.room("te\u0430m")) is None

    chat.join("team", "a", "Ann", "1")
    assert chat.look_alike(chat.room("te\u0430m")).title == "Team"
    assert chat.look_alike(chat.room("team")) is None
    chat.leave("team", "a", "1")
    assert chat.look_alike(chat.room("te\u0430m")) is None

    chat.join("team", "a", "Ann", "1")
    say(chat, "team", "a", "hello")
    chat.leave("team", "a", "1")
    assert chat.look_alike(chat.room("te\u0430m")).slug == "team"


def test_a_number_is_no_look_alike_of_a_word(chat):
    chat.join("lol", "a", "Ann", "1")
    say(chat, "lol", "a", "hello")

    assert chat.look_alike(chat.room("101")) is None
    assert chat.look_alike(chat.room("1o1")).slug == "lol"


def test_a_message_is_told_once(chat):
    chat.join("tea", "a", "Ann", "1")

    first, facts = chat.say("tea", "a", "hello", "ab" * 16)
    again, silence = chat.say("tea", "a", "hello", "ab" * 16)

    assert facts == [MessagePosted(first)]
    assert (again, silence) == (first, [])
    assert (first.id, first.seq, first.kind, first.author) == (1, 1, "text", Member("a", "Ann"))


def test_only_who_is_in_the_room_speaks(chat):
    with pytest.raises(NotInRoom):
        say(chat, "tea", "a", "hello")

    chat.join("tea", "a", "Ann", "1")
    chat.leave("tea", "a", "1")

    with pytest.raises(NotInRoom):
        say(chat, "tea", "a", "hello")
    with pytest.raises(NotInRoom):
        chat.leave("tea", "a", "1")
    with pytest.raises(NotInRoom):
        chat.rename("tea", "a", "Anna")


def test_a_name_change_is_told_with_the_old_name(chat):
    chat.join("tea", "a", "Ann", "1")

    assert chat.rename("tea", "a", "Anna") == (Member("a", "Anna"), [MemberRenamed("tea", Member("a", "Anna"), "Ann")])
    assert chat.rename("tea", "a", "Anna") == (Member("a", "Anna"), [])
    assert chat.join("tea", "b", "Ann", "2")[1] == [MemberJoined("tea", Member("b", "Ann"))]


def test_a_snapshot_without_a_cursor_is_the_newest_page(chat):
    chat.join("tea", "a", "Ann", "1")
    for number in range(1, 6):
        say(chat, "tea", "a", f"message {number}")

    snapshot = chat.snapshot("tea")

    assert [message.id for message in snapshot.page.messages] == [3, 4, 5]
    assert (snapshot.complete, snapshot.reset, snapshot.page.more) == (True, False, True)
    assert snapshot.members == [Member("a", "Ann")]


@pytest.mark.parametrize(
    "seq, ids, complete, reset",
    [
        (8, [], True, False),
        (3, [4, 5, 6, 7, 8], True, False),
        (2, [6, 7, 8], False, False),
        (9, [6, 7, 8], True, True),
    ],
)
def test_a_snapshot_with_a_cursor_is_what_it_missed(chat, seq, ids, complete, reset):
    chat.join("tea", "a", "Ann", "1")
    for number in range(1, 9):
        say(chat, "tea", "a", f"message {number}")

    snapshot = chat.snapshot("tea", (chat.room("tea").epoch, seq))

    assert [message.id for message in snapshot.page.messages] == ids
    assert (snapshot.complete, snapshot.reset) == (complete, reset)


def test_a_cursor_of_another_epoch_is_void(chat):
    chat.join("tea", "a", "Ann", "1")
    say(chat, "tea", "a", "hello")

    snapshot = chat.snapshot("tea", ("another", 1))

    assert snapshot.reset
    assert [message.id for message in snapshot.page.messages] == [1]


def test_a_cursor_taken_in_an_empty_room_holds_after_its_first_message(chat):
    chat.join("tea", "a", "Ann", "1")
    cursor = (chat.snapshot("tea").page.room.epoch, 0)
    say(chat, "tea", "a", "hello")

    snapshot = chat.snapshot("tea", cursor)

    assert not snapshot.reset
    assert [message.id for message in snapshot.page.messages] == [1]


def test_who_comes_back_within_the_grace_was_never_gone(chat, clock):
    chat.join("tea", "a", "Ann", "1")
    chat.drop("1")
    clock.now = 3.9

    assert chat.sweep() == []
    assert chat.join("tea", "a", "Ann", "2")[1] == []
    clock.now = 60
    assert chat.sweep() == []


def test_who_stays_away_is_told_as_gone_and_keeps_the_name_for_the_lease(chat, clock):
    chat.join("tea", "a", "Ann", "1")
    chat.drop("1")
    clock.now = 4

    assert chat.sweep() == [MemberLeft("tea", Member("a", "Ann"))]
    with pytest.raises(NameTaken):
        chat.join("tea", "thief", "Ann", "2")
    assert chat.join("tea", "a", "Ann", "3")[1] == [MemberJoined("tea", Member("a", "Ann"))]


def test_a_locked_room_lets_nobody_new_in(chat, store, clock):
    chat.join("tea", "a", "Ann", "1")
    store.set_locked("tea", "tea", True)

    with pytest.raises(RoomLocked):
        chat.join("tea", "b", "Bob", "2")
    with pytest.raises(RoomLocked):
        chat.check_entry("tea", "b", "Bob")
    chat.drop("1")
    clock.now = 10
    chat.sweep()
    assert chat.join("tea", "a", "Ann", "3")[0] == Member("a", "Ann")

    store.set_locked("tea", "tea", False)
    assert chat.join("tea", "b", "Bob", "2")[0] == Member("b", "Bob")


def test_history_pages_backwards_and_forwards(chat):
    chat.join("tea", "a", "Ann", "1")
    for number in range(1, 6):
        say(chat, "tea", "a", f"message {number}")

    older = chat.history("tea", before=3, after_seq=None, limit=None)
    newer = chat.history("tea", before=None, after_seq=3, limit=1)
    behind = chat.history("tea", before=None, after_seq=None, limit=1, after=2)

    assert ([message.id for message in older.messages], older.more) == ([1, 2], False)
    assert ([message.id for message in newer.messages], newer.more) == ([4], True)
    assert ([message.id for message in behind.messages], behind.more) == ([3], True)
