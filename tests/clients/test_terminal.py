"""The full screen in a real terminal, and its small parts by Textual's own pilot."""

from contextlib import closing

import pytest
from textual.widgets import Static

from clients import commands
from clients.commands import Command, Mistake, Say
from clients.lines import Line
from clients.memory import Answers
from clients.news import Link
from clients.terminal.composer import Composer
from clients.terminal.screen import Screen
from clients.terminal.timeline import Timeline
from tests.clients.tmux import Tmux
from tests.faults import loop
from tests.live import until


@pytest.fixture
def terminal(house, tmp_path):
    """terminal(name): a screen of its own in the test's room."""
    screens = []

    def start(name):
        screens.append(Tmux(tmp_path / name, house.server.url, "--room", house.room, "--name", name))
        return screens[-1]

    yield start
    for screen in screens:
        screen.close()


@pytest.fixture(scope="module")
def screen(server, tmp_path_factory):
    words = (server.url, "--room", "hall", "--name", "Ann")
    with closing(Tmux(tmp_path_factory.mktemp("Ann"), *words)) as screen:
        yield screen


@pytest.fixture
def ann(screen, house):
    """Ann's screen, which stays in the hall and comes into one test's room after the other."""
    screen.waits_for("Ann in ")
    screen.types(f"/join {house.room}")
    screen.waits_for(f"Ann in {title(house.room)}")
    yield screen
    screen.types("/leave")
    screen.waits_for("Ann in hall")


def title(room):
    return room.replace("-", " ")


def test_it_talks_renames_and_leaves(terminal, house):
    ben = house.member("Ben")
    ann = terminal("Ann")
    ann.waits_for("2 here", "Ann (you)", "Ben")

    ann.types("hello from a terminal")
    ben.waits_for("message:posted", body="hello from a terminal")
    ben.says("hello \x1b[31mback")
    ann.waits_for("Ben hello ␛[31mback")

    ann.types("/nick Anna")
    ann.waits_for("Ann is now Anna", "Anna (you)")
    ben.sees("Ben", "Anna")

    ann.types("/nosuch")
    ann.waits_for("There is no command /nosuch.")

    ann.types("/quit")
    ann.waits_for("ended with 0")
    ben.sees("Ben")


def test_it_fills_the_screen_it_has(ann, house):
    ben = house.member("Ben")
    for n in range(30):
        ben.says(f"line {n} " + "of a talk that is long enough to be wrapped on a narrow screen " * 2)

    for columns, rows in ((200, 50), (80, 24)):
        ann.resizes(columns, rows)

        def is_filled(columns=columns, rows=rows):
            lines = ann.shows().splitlines()
            frame = lines[-3].rstrip() or " "
            return (len(lines), len(frame), frame[0], frame[-1]) == (rows, columns, "╭", "╮")

        try:
            until(is_filled, 20, "a frame from edge to edge")
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{ann.shows()}") from None
        assert all(len(line) <= columns for line in ann.waits_for("line 29", "2 here", "Ann in").splitlines())


def test_it_comes_back_over_a_restart_and_sends_what_was_written_meanwhile(ann, house):
    server = house.server
    ann.types("before")
    ann.waits_for("Ann before")

    server.stop()
    ann.waits_for("Next try in")
    ann.types("meanwhile")
    ann.waits_for("Ann meanwhile  …")
    server.restart()

    ann.waits_for("Ann in", "● ")
    ann.waits_until_gone("…")
    assert house.member("Ben").joins().bodies == ["before", "meanwhile"]


def test_killed_with_a_full_outbox_it_sends_each_line_once_the_next_time(terminal, house):
    """And what it says meanwhile is in colours of the terminal's own."""
    server = house.server
    server.kill()
    ann = terminal("Ann")
    ann.waits_for(f"{server.url} does not answer.", "Next try")
    assert "\x1b[33m" in ann.shows("-e")
    assert "[38;" not in ann.shows("-e")
    for line in ("one", "two", "three"):
        ann.types(line)
        ann.waits_for(f"Ann {line}  …")
    ann.kills()
    server.restart()

    again = terminal("Ann")

    again.waits_for("Ann one", "Ann two", "Ann three", "Ann in")
    again.waits_until_gone("…")
    assert house.member("Ben").joins().bodies == ["one", "two", "three"]


def test_several_rooms_with_what_is_unread(ann, house):
    ben = house.member("Ben")
    ann.presses("C-n")
    ann.waits_for("Ann in hall")

    ben.says("psst")
    ann.waits_for(f"{title(house.room)} (1)")
    ann.presses("C-p")

    ann.waits_for("── new ──", "Ben psst")
    assert "(1)" not in ann.shows().splitlines()[0]


def test_older_lines_come_when_somebody_scrolls_up(ann, house):
    ben = house.member("Ben")
    for n in range(80):
        ben.says(f"line {n}.")
    ann.waits_for("line 79.")
    ann.types("/leave")
    ann.waits_for("Ann in hall")
    ann.types(f"/join {house.room}")
    ann.waits_for("line 79.")

    def at_the_first():
        ann.presses("PageUp")
        return "line 0." in ann.shows()

    until(at_the_first, 20, "the first line")


# the screen's parts, without a server


def piloted(test, tmp_path):
    async def run():
        screen = Screen(Answers("http://127.0.0.1:1", "tea", "Ann"), tmp_path)
        async with screen.run_test(size=(80, 24)) as pilot:
            await test(screen, pilot)

    loop.run(run())


def test_news_that_comes_while_it_closes_does_no_harm(tmp_path):
    async def run():
        screen = Screen(Answers("http://127.0.0.1:1", "tea", "Ann"), tmp_path)
        async with screen.run_test():
            pass
        await screen._take(Link("waiting"))

    loop.run(run())


def test_enter_keeps_a_line_ctrl_j_breaks_it_and_up_brings_it_back(tmp_path):
    async def test(screen, pilot):
        composer = screen.query_one(Composer)
        await pilot.press("a", "ctrl+j", "b")
        assert composer.text == "a\nb"
        await pilot.press("enter")
        assert composer.text == ""
        await pilot.pause(0.1)
        assert [entry.body for entry in screen._client.waiting("tea")] == ["a\nb"]
        await pilot.press("up")
        assert composer.text == "a\nb"

    piloted(test, tmp_path)


def test_tab_completes_commands_and_names(tmp_path):
    async def test(screen, pilot):
        composer = screen.query_one(Composer)
        composer.names = ["Benedict", "Bert Brown"]
        await pilot.press("/", "n", "tab")
        assert composer.text == "/nick "
        composer.write("b")
        await pilot.press("tab")
        assert composer.text == "Be"
        await pilot.press("r", "tab")
        assert composer.text == "Bert Brown: "

    piloted(test, tmp_path)


def test_lines_are_drawn_in_their_order_whatever_changes(tmp_path):
    def line(key, body="x"):
        return Line(key, "text", body, "12:00", "Ann", "a")

    async def test(screen, pilot):
        timeline = Timeline("another", lambda: None)
        await screen.mount(timeline)
        for keys in ("cd", "abcd", "abxcdy", "bd", "", "dcba"):
            await timeline.show([line(key) for key in keys])
            await pilot.pause()
            places = {id(widget): key for key, widget in timeline._widgets.items()}
            assert "".join(places[id(widget)] for widget in timeline.query(Static)) == keys

    piloted(test, tmp_path)


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("hello", Say("hello")),
        ("/me waves", Say("/me waves")),
        ("//etc", Say("/etc")),
        ("/nick  Ann B", Command("/nick", "Ann B")),
        ("/nick", Mistake("/nick needs a name.")),
        ("/quit", Command("/quit")),
        ("/etc", Mistake("There is no command /etc. /help lists them; //etc says it as text.")),
    ],
)
def test_a_typed_line_is_said_obeyed_or_refused(typed, meant):
    assert commands.parse(typed) == meant


@pytest.mark.parametrize(
    "typed, completed",
    [("/j", "/join "), ("/x", None), ("hi be", "hi Ben "), ("@be", "Ben: "), ("", None), ("hi ", None)],
)
def test_a_word_is_completed_when_it_is_clear(typed, completed):
    assert commands.complete(typed, ["Ben", "Ann"]) == completed
