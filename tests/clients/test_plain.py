"""python -m clients.terminal --plain: lines in, lines out, and an exit code that tells the truth."""

import io
import os
import re
import subprocess
import sys
from contextlib import suppress

import pytest

from app.protocol import WireMember, WireMessage
from clients.memory import Answers
from clients.news import Link, View
from clients.outbox import Outbox
from clients.terminal.__main__ import main
from clients.terminal.plain import run
from tests.forwarder import Forwarder
from tests.live import ROOT, free_port, until

WORDS = (sys.executable, "-m", "clients.terminal")


@pytest.fixture
def plain(tmp_path):
    """plain(words, typed): the program as it ended; with no `typed`, as it runs."""
    running = []
    settings = {**os.environ, "CHATROOM_FOLDER": str(tmp_path / "home")}

    def start(*words, typed=None):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen([*WORDS, *words], cwd=ROOT, env=settings, text=True, encoding="utf-8", **pipes)
        running.append(process)
        if typed is None:
            return process
        out, err = process.communicate(typed, timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    yield start
    for process in running:
        with process:
            process.kill()
            with suppress(OSError):  # what nobody reads any more
                process.stdin.close()


def test_a_line_from_a_pipe_is_sent_and_acknowledged(plain, house):
    done = plain(house.server.url, "--room", house.room, "--name", "Ann", "--plain", typed="hello\n/me waves\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert [line[8:] for line in done.stdout.splitlines()] == ["Ann: hello", "* Ann waves"]
    assert house.member("Ben").joins().bodies == ["hello", "waves"]


def test_lines_of_others_come_out_with_nothing_that_moves_the_terminal(plain, house):
    ben = house.member("Ben")
    ann = plain(house.server.url, "--room", house.room, "--name", "Ann", "--plain")
    ben.sees("Ben", "Ann")

    ben.says("evil \x1b[2J\u202e\ntwo lines")

    assert ann.stdout.readline()[8:] == "Ben: evil ␛[2J\ufffd\n"
    assert ann.stdout.readline() == "    two lines\n"
    ann.stdin.close()
    assert ann.wait(20) == 0
    ben.sees("Ben")


class Scripted:
    """In place of a client: it tells what it was given, and that it stopped."""

    def __init__(self, views):
        self.views = views

    def opens(self, tell):
        self.tell = tell
        return self

    def enter(self, room, name):
        for view in self.views:
            self.tell(view)
        self.tell(Link("stopped"))

    def waiting(self, room):
        return []

    def start(self): ...

    close = start


def seen(epoch, before, upto):
    ann = WireMember("a", "Ann")
    messages = tuple(WireMessage("tea", n, n, "text", ann, f"line {n}", 0) for n in range(1, upto + 1))
    return View("tea", "tea", "in", "", ann, messages, False, (epoch, before), (ann,), 1, ())


def test_what_is_said_between_coming_in_and_the_first_look_comes_out_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    views = [seen("e", 2, 3), seen("e", 2, 5), seen("restored", 2, 2), seen("restored", 2, 3)]

    run(Answers("http://x", "tea", "Ann"), Scripted(views).opens)

    assert [line[8:] for line in capsys.readouterr().out.splitlines()] == [f"Ann: line {n}" for n in (3, 4, 5, 3)]


def test_a_server_that_comes_late_gets_every_line_once(plain, house):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ann = plain(url, "--room", house.room, "--name", "Ann", "--plain")
    ann.stdin.write("one\ntwo\n")
    ann.stdin.close()
    assert ann.stderr.readline() == f"-- {url} does not answer. Trying again.\n"

    with Forwarder(house.server.port, "127.0.0.1", "127.0.0.1", port):
        assert ann.wait(30) == 0

    assert house.member("Ben").joins().bodies == ["one", "two"]


def test_what_cannot_be_sent_ends_with_1_and_is_kept_and_what_is_refused_says_why(plain, house, tmp_path):
    ben = house.member("Ben")
    words = (house.server.url, "--room", house.room, "--plain")

    taken = plain(*words, "--name", "BEN", typed="hello\n")
    assert taken.returncode == 1
    assert "Not sent yet: 1. It is kept" in taken.stderr

    later = plain(*words, "--name", "Ann", typed=f"and this\n{'x' * 5001}\n")
    assert later.returncode == 1
    assert later.stderr.startswith("-- Refused: ")
    assert later.stderr.count("\n") == 1
    assert ben.joins().bodies == ["hello", "and this"]
    (folder,) = (tmp_path / "home").glob("http_*")
    assert Outbox(folder).waiting(house.room) == []


def test_a_server_killed_between_two_lines_gets_both_once(plain, house):
    server = house.server
    ann = plain(server.url, "--room", house.room, "--name", "Ann", "--plain")
    ann.stdin.write("one\n")
    ann.stdin.flush()
    assert ann.stdout.readline()[8:] == "Ann: one\n"

    server.kill()
    ann.stdin.write("two\n")
    ann.stdin.close()
    server.restart()

    assert ann.wait(30) == 0
    assert house.member("Ben").joins().bodies == ["one", "two"]


@pytest.mark.parametrize(
    "words, said",
    [
        (("ftp://x", "--room", "r", "--name", "n"), "ftp://x is no address of a chatroom"),
        (("http://127.0.0.1:1",), "Room is missing: give --room, there is nobody to ask."),
        ((), "Address is missing: give ADDRESS"),
    ],
)
def test_wrong_words_are_one_sentence(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHATROOM_FOLDER", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    code = main([*words, "--plain"])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_a_missing_library_is_one_sentence(tmp_path):
    program = "import sys, runpy; sys.modules['textual'] = None\n"
    program += "runpy.run_module('clients.terminal', run_name='__main__')"
    words = (f"http://127.0.0.1:{free_port()}", "--room", "r", "--name", "n")
    settings = {**os.environ, "CHATROOM_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, env=settings, capture_output=True, text=True
    )

    assert done.stderr == "The terminal client needs textual: run `make clients`, or use --plain.\n"


def test_a_reader_that_goes_away_ends_it_quietly(plain, house):
    ben = house.member("Ben")
    ann = plain(house.server.url, "--room", house.room, "--name", "Ann", "--plain")
    ben.sees("Ben", "Ann")
    ann.stdout.close()

    ben.says("into the void")
    until(lambda: ann.poll() is not None, 10, "the end")
    assert (ann.returncode, ann.stderr.read()) == (1, "")


def test_the_examples_of_the_documents_work_as_printed(house, tmp_path):
    page = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    program = re.search(r"```python\n(.+?)```", page, re.DOTALL)[1]
    piped = re.search(r"^    (echo hello .+)$", page, re.MULTILINE)[1].replace(".venv/bin/python", sys.executable)
    settings = {**os.environ, "CHATROOM_FOLDER": str(tmp_path)}

    for command in (["sh", "-c", piped], [sys.executable, "-c", program]):
        here = [word.replace("http://127.0.0.1:8000", house.server.url) for word in command]
        done = subprocess.run(here, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=30)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("hello\n")
