"""What is said: its ack, its push, its number, and that it is there once."""

import secrets
import threading

import pytest


def test_the_ack_and_the_push_carry_the_same_message(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    client_id = secrets.token_hex(16)

    answer = ann.says("hello", client_id)

    message = answer["message"]
    assert not answer["duplicate"]
    assert abs(message.pop("sent_at_ms") - ann.ready["server_time_ms"]) < 60_000
    assert message == {
        "room": house.room,
        "id": 1,
        "seq": 1,
        "kind": "text",
        "author": {"id": ann.id, "name": "Ann"},
        "body": "hello",
        "client_id": client_id,
    }
    heard = ben.waits_for("message:posted")
    heard.pop("sent_at_ms")
    assert heard | {"client_id": client_id} == message


def test_a_client_id_goes_to_its_authors_own_connections_only(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    phone = house.guest("Ann", token=ann.token)
    phone.joins()
    client_id = secrets.token_hex(16)

    ann.says("hello", client_id)

    assert ann.waits_for("message:posted")["client_id"] == client_id
    assert phone.waits_for("message:posted")["client_id"] == client_id
    assert "client_id" not in ben.waits_for("message:posted")
    assert "client_id" not in ben.reads()["messages"][0]
    assert ann.reads()["messages"][0]["client_id"] == client_id


def test_fifty_messages_fired_without_waiting_arrive_in_order(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    bodies = [f"line {n}" for n in range(1, 51)]

    answers = [ann.starts_saying(body) for body in bodies]

    assert [answer.result(10)["message"]["id"] for answer in answers] == list(range(1, 51))
    ben.waits_for("message:posted", body="line 50")
    assert ben.hears() == bodies
    assert [message["id"] for message in ben.heard("message:posted")] == list(range(1, 51))
    assert ben.reads()["messages"] == ben.heard("message:posted")


def test_many_speakers_at_once_leave_no_hole_and_no_repeat(house):
    speakers = [house.member(f"speaker {n}") for n in range(5)]

    answers = [speaker.starts_saying(f"{speaker.name} {n}") for n in range(8) for speaker in speakers]

    assert sorted(answer.result(10)["message"]["id"] for answer in answers) == list(range(1, 41))
    for speaker in speakers:
        speaker.waits_for("message:posted", id=40)
        assert [message["id"] for message in speaker.heard("message:posted")] == list(range(1, 41))


def test_each_room_counts_for_itself(house):
    ann, other = house.member("Ann"), house.fresh_room()
    ann.joins(other)

    assert ann.says("one")["message"]["id"] == 1
    assert ann.says("one", room=other)["message"]["id"] == 1


def test_the_same_message_sent_again_is_there_once(house):
    ann, ben = house.member("Ann"), house.member("Ben")
    client_id = secrets.token_hex(16)

    first, again = ann.says("hello", client_id), ann.says("hello", client_id)

    assert again["duplicate"] is True
    assert again["message"] == first["message"]
    ann.says("after")
    ben.waits_for("message:posted", body="after")
    assert ben.hears() == ["hello", "after"]


def test_the_same_message_sent_twice_at_once_is_there_once(house):
    ann = house.member("Ann")
    phone = house.guest("Ann", token=ann.token)
    phone.joins()
    client_id, gate, answers = secrets.token_hex(16), threading.Barrier(2), []

    def send(guest):
        gate.wait(5)
        answers.append(guest.says("hello", client_id))

    threads = [threading.Thread(target=send, args=(guest,)) for guest in (ann, phone)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted(answer["duplicate"] for answer in answers) == [False, True]
    assert ann.reads().bodies == ["hello"]


def test_a_client_id_used_for_another_text_is_a_conflict(house):
    ann = house.member("Ann")
    client_id = secrets.token_hex(16)
    ann.says("hello", client_id)

    assert ann.says("goodbye", client_id).refused == "client_id_conflict"
    assert ann.reads().bodies == ["hello"]


def test_a_client_id_belongs_to_its_member_and_room(house):
    ann, ben, other = house.member("Ann"), house.member("Ben"), house.fresh_room()
    ann.joins(other)
    client_id = secrets.token_hex(16)

    answers = [ann.says("hello", client_id), ben.says("hello", client_id), ann.says("bye", client_id, room=other)]

    assert [answer["duplicate"] for answer in answers] == [False, False, False]


def test_a_message_keeps_the_name_of_its_moment(house):
    ann = house.member("Ann")
    ann.says("as Ann")
    ann.renames("Anna")
    ann.says("as Anna")

    assert [message["author"]["name"] for message in ann.reads()["messages"]] == ["Ann", "Anna"]


def test_me_is_an_action(house):
    message = house.member("Ann").says("/me waves")["message"]

    assert (message["kind"], message["body"]) == ("action", "waves")


@pytest.mark.parametrize("body", ["", "   ", "\n\n", "/me "])
def test_nothing_to_see_is_refused(house, body):
    assert house.member("Ann").says(body).refused == "body_empty"


def test_the_longest_body_passes_and_one_more_does_not(house):
    ann = house.member("Ann")

    assert ann.says("\N{GRINNING FACE}" * 5000)["message"]["body"] == "\N{GRINNING FACE}" * 5000
    assert ann.says("x" * 5001).refused == "body_too_long"


@pytest.mark.parametrize("body", ["a\x00b", "a\ud800b"])
def test_what_no_database_can_hold_is_refused(house, body):
    assert house.member("Ann").says(body).refused == "payload_invalid"


@pytest.mark.parametrize("body", ["<img src=x onerror=alert(1)>", "a\u2028b", "שלום", "two\nlines", "\\u0000", '"}]'])
def test_text_comes_back_as_it_was_sent(house, body):
    ann, ben = house.member("Ann"), house.member("Ben")

    ann.says(body)

    assert ben.waits_for("message:posted")["body"] == body
    assert ben.reads().bodies == [body]


def test_typing_is_told_to_the_others(house):
    ann, ben = house.member("Ann"), house.member("Ben")

    assert ann.types() == {"ok": True}

    told = ben.waits_for("typing:changed")
    assert told == {"room": house.room, "members": [{"id": ann.id, "name": "Ann"}]}


def test_an_active_room_tells_its_head_by_itself(house):
    ann = house.member("Ann")
    epoch = ann.joins()["epoch"]
    ann.says("hello")

    assert ann.waits_for("room:head", within=15, head=1) == {"room": house.room, "epoch": epoch, "head": 1}


@pytest.mark.parametrize(
    "event, fields",
    [
        ("message:send", {"client_id": "0" * 32, "body": "hello"}),
        ("name:change", {"name": "Ann"}),
        ("history:fetch", {}),
        ("typing:start", {}),
        ("room:leave", {}),
    ],
)
def test_outside_the_room_nothing_can_be_done_in_it(house, event, fields):
    ann, eve = house.member("Ann"), house.guest("Eve")

    assert eve.asks(event, {"room": house.room, **fields}).refused == "not_in_room"

    assert ann.hears() == []
