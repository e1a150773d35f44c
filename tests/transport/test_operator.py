"""Whoever runs the server, from a prompt, a script or a pipe; and everybody else who tries."""

from contextlib import closing

import pytest

from app.console.remote import NotDone, Remote
from tests.clients.tmux import Tmux
from tests.live import Server, until
from tests.programs import Follower, Program, operator

PATHS = [
    ("GET", "status"),
    ("GET", "rooms"),
    ("GET", "rooms/tea/members"),
    ("GET", "connections"),
    ("POST", "notices"),
    ("POST", "rooms/tea/kicks"),
    ("POST", "drain"),
]


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_GUESSES_PER_10S": "60", "CHAT_OPERATOR_PER_10S": "40", "CHAT_OPERATOR_NAME": "Vera"}


@pytest.fixture
def another(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


def console(server, *lines):
    """What the prompt prints, and its exit code, when these lines come from a pipe."""
    return server.command("console", input="\n".join(lines) + "\n")


def test_the_operator_speaks_while_people_watch(house):
    ann, script = house.member("Ann"), Follower(house.server, house.room)
    script.hears()

    done = house.server.command("say", house.room, "The", "kitchen", "closes.")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Said in /r/{house.room}.")
    notice = ann.waits_for("message:posted")
    assert (notice["kind"], notice["body"], notice["author"]["name"]) == ("notice", "The kitchen closes.", "Vera")
    assert script.hears()[1] == notice
    assert ann.joins()["messages"] == [notice]
    script.close()


def test_from_the_prompt_every_room_is_seen_and_spoken_to(house):
    ann, ben, milk = house.member("Ann"), house.guest("Ben"), house.fresh_room()
    ben.joins(milk)

    done = console(house.server, "status", "rooms", f"members {milk}", "connections", "all /me waits", f"say {milk} hi")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{house.room}  1 here\n" in done.stdout
    assert f"Ben  {ben.id}\n" in done.stdout
    assert f"127.0.0.1  {ben.id}  {milk}\n" in done.stdout
    assert ann.waits_for("message:posted")["body"] == "/me waits"
    assert ben.waits_for("message:posted", body="hi")["kind"] == "notice"
    assert len(ben.hears()) == 2


def test_a_room_is_closed_and_opened_from_the_prompt(house):
    house.member("Ann").says("hello")

    closed = console(house.server, f"lock {house.room}", "rooms").stdout
    assert closed.startswith(f"/r/{house.room} is closed to newcomers.\n")
    assert f"{house.room}  1 here, closed to newcomers\n" in closed
    assert house.guest("Ben").joins().refused == "room_locked"
    assert console(house.server, f"unlock {house.room}").returncode == 0
    assert house.guest("Ben").joins().ok


def test_a_line_that_was_not_done_is_said_and_the_next_one_is_done(house):
    house.member("Ann")

    done = console(
        house.server, "", "dance \x1b[2J", "say", f"say {house.room}", "members ...", "status", "quit", "status"
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 4
    assert "\x1b" not in done.stderr + done.stdout
    assert done.stdout.count("Connections:") == 1


def test_at_a_terminal_tab_completes_words_and_rooms(house, tmp_path):
    ann = house.member("Ann")
    with closing(Tmux(tmp_path, "console", module="app", **house.server.environment())) as terminal:
        terminal.waits_for("help lists what you can say", "chat>")
        terminal.presses("s", "a", "Tab", *house.room[:-1], "Tab")
        terminal.types("hello")
        terminal.waits_for(f"chat> say {house.room} hello", f"Said in /r/{house.room}.")
        assert ann.waits_for("message:posted")["body"] == "hello"
        terminal.presses("C-c")
        terminal.waits_for("\nended with 0")


def test_help_names_every_word(house):
    said = console(house.server, "help", "help drain").stdout

    for word in ("status", "rooms", "members", "connections", "say", "all", "lock", "unlock", "drain", "quit"):
        assert word in said
    assert "drain: finish what has begun" in said


def test_drain_ends_the_server_in_good_order_and_away_is_one_sentence_and_code_1(another):
    def sentence(*words):
        done = another.command(*words, input="status\n")
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "operator.token" in sentence("say", "tea", "hello")
    another.start()

    done = another.command("console", input="drain\nstatus\n")

    assert done.returncode == 0
    assert "stopping" in done.stdout
    assert until(lambda: another.exit_code() is not None, 10) is True
    assert another.exit_code() == 0
    assert str(another.port) in sentence("console")


@pytest.mark.parametrize(
    "address, why",
    [
        ("here", "here is not an address such as"),
        ("http://127.0.0.1:1", "does not answer"),
        ("", "is not an address such as"),
    ],
)
def test_a_wrong_address_is_one_sentence(tmp_path, address, why):
    (tmp_path / "operator.token").write_text("x" * 64)
    (tmp_path / "server.address").write_text("nowhere\n")

    with pytest.raises(NotDone, match=why) as no:
        Remote(tmp_path, address).get("/status")

    assert len(str(no.value).splitlines()) == 1


def test_what_the_operator_needs_is_for_its_owner_alone(server):
    for name in ("operator.token", "server.address"):
        assert (server.data / name).stat().st_mode & 0o077 == 0
    assert len((server.data / "operator.token").read_text()) >= 43


@pytest.mark.parametrize("method, path", PATHS)
def test_without_the_token_nothing_is_seen_and_nothing_done(house, method, path):
    right = operator(house.server).token
    body = {"body": "x"} if method == "POST" else None

    for wrong in ("", right[:-1], right + "0", right.upper(), "x" * 5000, right[::-1], "\xe9"):
        reply = Program(house.server, wrong).calls(method, f"operator/{path}", body)
        assert reply.refused in ((401, "token_invalid"), (429, "too_fast"))
    visitor = house.visitor()
    visitor.post("/name", name="Ann", room=house.room)
    assert visitor.asks(method, f"/api/v1/operator/{path}?token={right}").status in (401, 429)
    foreign = Program(house.server, right).calls(method, f"operator/{path}", body, Origin="http://evil.example")
    assert foreign.refused == (403, "forbidden")
    assert house.server.answers()


def test_who_guesses_waits_and_the_operator_does_not(house):
    stranger = Program(house.server, "x" * 64)
    statuses = {stranger.calls("GET", "operator/status").status for _ in range(80)}

    assert statuses == {401, 429}
    assert stranger.reads(house.room).refused == (429, "too_fast")
    until(lambda: operator(house.server).calls("GET", "operator/status").status == 200, 12)


def test_even_the_operator_is_asked_to_wait(house):
    statuses = [operator(house.server).calls("GET", "operator/status").status for _ in range(50)]

    assert set(statuses) == {200, 429}
    until(lambda: operator(house.server).calls("GET", "operator/status").status == 200, 12)


def test_the_token_is_nowhere_but_in_its_file(house):
    house.server.command("say", house.room, "hello")
    token = operator(house.server).token.encode()

    holding = [path.name for path in house.server.data.iterdir() if token in path.read_bytes()]
    assert holding == ["operator.token"]
    assert token.decode() not in house.server.log()


def test_nobody_passes_for_the_operator(house):
    ann = house.member("Ann")

    refused = ann.asks("message:send", {"room": house.room, "client_id": "0" * 32, "body": "x", "kind": "notice"})

    assert refused.refused == "payload_invalid"
    assert ann.renames("V\u0435ra").refused == "name_invalid"
    done = house.server.command("token", "Vera", "--room", house.room)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
