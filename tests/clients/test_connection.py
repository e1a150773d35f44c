"""The client library against the real server: who it is, what it keeps, how it comes back, how it says no."""

import socket
import ssl
import stat
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from clients import folders, lobby, tokens
from clients.address import WrongAddress
from clients.news import Happened
from tests.live import ROOT, Server, free_port
from tests.test_setup import pins


def test_the_clients_need_nothing_but_what_their_own_list_names():
    listed = {package for package, _, _ in pins("requirements-clients")}
    foreign = [name for name, by in packages_distributions().items() if canonicalize_name(by[0]) not in listed]
    program = f"import sys; sys.modules |= dict.fromkeys({foreign}); import clients.connection"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)

    assert done.stderr == ""
    assert {"flask", "eventlet", "sqlalchemy"} <= set(foreign)


def test_what_is_said_is_heard_by_others_in_the_same_order(watcher):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()
    for n in range(20):
        (ann, ben)[n % 2].client.say(ann.room, f"line {n}")

    ann.waits(lambda: len(ann.bodies()) == 20, "20 lines")
    ben.sees(*ann.bodies())
    assert [body for body in ann.bodies() if int(body.split()[1]) % 2 == 0] == [f"line {n}" for n in range(0, 20, 2)]
    ben.sees_people("Ben", "Ann")


def test_a_client_is_the_same_member_the_next_time(watcher, server, tmp_path):
    ann = watcher("Ann").is_in()
    me = ann.views[ann.room].me
    ann.client.close()

    again = watcher("Ann", ann.room).is_in()

    assert again.views[ann.room].me == me
    token = folders.of_server(tmp_path / "Ann", server.url) / "token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert stat.S_IMODE(token.parent.stat().st_mode) == 0o700


def test_two_programs_of_one_person_that_meet_a_server_at_once_are_one_member(watcher, tmp_path):
    first = watcher("Ann", home=tmp_path / "home")
    second = watcher("Ann", first.room, home=tmp_path / "home").is_in()
    first.is_in()

    assert first.views[first.room].me.id == second.views[first.room].me.id


def test_the_first_token_kept_is_the_token(tmp_path):
    assert tokens.keep(tmp_path, "one", None) == "one"
    assert tokens.keep(tmp_path, "two", None) == "one"
    assert tokens.keep(tmp_path, "two", "one") == "two"
    assert tokens.read(tmp_path) == "two"


def test_what_is_written_before_the_server_is_there_is_sent_when_it_is(watcher, tmp_path):
    late = Server(tmp_path)
    ann = watcher("Ann", url=late.url)
    ann.client.say(ann.room, "one")
    ann.client.say(ann.room, "two")
    assert ann.waits_for_link("waiting").why == f"{late.url} does not answer."
    ann.client.say(ann.room, "three")
    ann.waits(lambda: ann.room in ann.views and len(ann.views[ann.room].waiting) == 3, "three that wait")

    try:
        late.start(CHAT_RECONNECT_MAX_S="1")
        ann.sees("one", "two", "three")
    finally:
        late.stop()


def test_a_restart_of_the_server_loses_and_doubles_nothing(watcher, server):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()
    ann.client.say(ann.room, "before")
    ben.sees("before")

    server.stop()
    ann.client.say(ann.room, "meanwhile")
    assert ann.waits_for_link("waiting").why == "The server restarts."
    server.restart()

    ann.sees("before", "meanwhile")
    ben.sees("before", "meanwhile")


def test_a_name_that_is_taken_is_said_and_another_one_lets_in(watcher):
    ann = watcher("Ann").is_in()
    other = watcher("ann", ann.room)
    other.waits(lambda: ann.room in other.views and other.views[ann.room].state == "unnamed", "the refusal")
    assert "Ann" in other.views[ann.room].why or "name" in other.views[ann.room].why

    other.client.rename(ann.room, "Ben")

    assert other.is_in().views[ann.room].me.name == "Ben"


def test_a_new_name_is_seen_by_all_and_a_refused_one_is_answered(watcher):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()
    ann.sees_people("Ann", "Ben")

    ben.client.rename(ann.room, "Benedict")
    assert ann.is_told("renamed") == "Ben is now Benedict"

    ben.client.rename(ann.room, "ANN")
    assert ben.is_told("answer")
    assert ben.views[ann.room].me.name == "Benedict"


def test_several_rooms_and_leaving_one(watcher):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()
    ben.sees_people("Ben", "Ann")
    ann.client.enter(f"{ann.room}-2", "Ann")
    ann.is_in(f"{ann.room}-2")
    ann.client.say(f"{ann.room}-2", "here")
    ann.sees("here", room=f"{ann.room}-2")

    ann.client.leave(ann.room)

    assert ben.is_told("left") == "Ann left"


def test_who_types_is_seen_until_their_message_is_there(watcher):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()
    typing = lambda: ann.room in ann.views and ann.views[ann.room].typing  # noqa: E731

    for _ in range(5):
        ben.client.typing(ann.room)
    ann.waits(lambda: typing() == ("Ben",), "Ben typing")
    ben.client.say(ann.room, "hello")

    ann.waits(lambda: typing() == (), "an end of it")
    assert ben.views[ann.room].typing == ()


def test_a_room_is_meant_by_its_name_and_one_that_looks_like_another_is_told(watcher, server):
    room = lobby.room(server.url, "Tea  Party! 🍕")
    ann = watcher("Ann", room).is_in()
    ann.client.say(room, "hello")
    ann.sees("hello")
    twin = lobby.room(server.url, ann.views[room].title.replace("a", "а"))

    ben = watcher("Ben", twin).is_in()

    assert "mixes alphabets" in ben.is_told("warned")
    ben.waits(lambda: any(isinstance(n, Happened) and f"(/r/{room})" in n.text for n in ben.news), "the other room")


def test_a_name_that_no_room_has_is_refused_and_one_asked_while_away_is_nearly_right(server):
    with pytest.raises(WrongAddress, match="letter, digit or emoji"):
        lobby.room(server.url, "!!")

    assert lobby.room("http://127.0.0.1:1", "Tea  Party") == "tea-party"
    assert lobby.room("http://127.0.0.1:1", "ПРИВЕТ") == "привет"


def test_closing_is_told_at_once(watcher):
    ann = watcher("Ann").is_in()
    ben = watcher("Ben", ann.room).is_in()

    ann.client.close()

    assert ben.is_told("left") == "Ann left"


def test_a_refused_message_stays_with_its_reason_until_it_is_discarded(watcher):
    ann = watcher("Ann").is_in()
    ann.client.say(ann.room, "x" * 5001)
    ann.client.say(ann.room, "fine")

    ann.waits(lambda: ann.bodies() == ["fine"], "the message behind it")
    (entry,) = ann.views[ann.room].waiting
    assert entry.code == "body_too_long"

    ann.client.discard(ann.room)
    ann.sees("fine")


def test_older_messages_come_in_pages(watcher, house):
    speaker = house.member("Old")
    for n in range(70):
        speaker.says(f"line {n}")
    ann = watcher("Ann", house.room).is_in()
    assert ann.views[house.room].has_older

    ann.client.older(house.room)

    view = ann.sees(*(f"line {n}" for n in range(70)))
    assert not view.has_older


@pytest.fixture
def stranger():
    """Something on a port that is no chatroom."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    found = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found.server_address[1]
    found.shutdown()
    found.server_close()


def test_an_address_that_is_no_chatroom_is_one_sentence(watcher, stranger):
    url = f"http://127.0.0.1:{stranger}"

    assert watcher("Ann", url=url).waits_for_link("stopped").why == (
        f"{url} answers, but is no chatroom (HTTP status 404)."
    )


def test_a_server_without_tls_is_one_sentence(watcher, server):
    url = f"https://127.0.0.1:{server.port}"

    told = watcher("Ann", url=url).waits_for_link("stopped").why

    assert told == f"{url} does not speak TLS: try the address with http://."


def test_a_certificate_that_nobody_vouches_for_is_one_sentence(watcher, tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
         "-keyout", tmp_path / "key", "-out", tmp_path / "certificate"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    listener = socket.create_server(("127.0.0.1", free_port()))

    def shake_hands():
        try:
            while True:
                context.wrap_socket(listener.accept()[0], server_side=True)
        except OSError:
            return

    threading.Thread(target=shake_hands, daemon=True).start()
    url = f"https://127.0.0.1:{listener.getsockname()[1]}"
    told = watcher("Ann", url=url).waits_for_link("stopped").why
    listener.close()

    assert told.startswith(f"The certificate of {url} cannot be trusted: ")
