"""`python -m app` as a person meets it: what it prints, and one clear sentence when it cannot start."""

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app import config
from tests.live import ROOT, Server, free_port, until
from tests.redis_cluster import RedisClusterServers


@pytest.fixture
def cold(tmp_path):
    """A server that was never started, with a data folder of its own."""
    server = Server(tmp_path)
    yield server
    server.stop()


def sentence(done):
    """What a failed start said: one line on stderr, code 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].endswith(".")
    return lines[0]


def test_a_taken_port_is_one_sentence(server):
    assert str(server.port) in sentence(server.command())


def test_a_python_without_the_libraries_is_one_sentence():
    bare = [sys.executable, "-S", "-m", "app", "settings"]
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "requirements.txt" in done.stderr


def test_who_reads_only_the_first_line_gets_no_complaint(cold):
    words = [sys.executable, "-m", "app", "settings"]
    with subprocess.Popen(
        words, cwd=ROOT, env=cold.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=0
    ) as command:
        command.stdout.close()
        assert command.stderr.read() == ""
    assert command.returncode == 0


@pytest.mark.parametrize(
    "name, value",
    [
        ("CHAT_PORT", "many"),
        ("CHAT_PORT", "70000"),
        ("CHAT_BODY_CHARS", "-1"),
        ("CHAT_LOG_LEVEL", "loud"),
        ("CHAT_OPERATOR_NAME", ""),
        ("CHAT_OPERATOR_NAME", "\u202eVera"),
        ("CHAT_ADDRESS_POINTS_PER_10S", "99"),
        ("CHAT_MESSAGE_COST", "101"),
        ("CHAT_TRUSTED_PROXIES", "proxy.example"),
        ("CHAT_DATABASE_URL", "nonsense"),
        ("CHAT_DATABASE_URL", "foo://x"),
        ("CHAT_REDIS_URL", "localhost:6379"),
        ("CHAT_REDIS_URL", "redis://127.0.0.1:1"),
        ("CHAT_REDIS_URL", "redis://h:x/0"),
        ("CHAT_REDIS_URL", "redis://h:70000/0"),
        ("CHAT_REDIS_URL", "redis://[::1"),
        ("CHAT_REDIS_URL", "redis://h?socket_timeout=long"),
        ("CHAT_SECRET", "too short"),
        ("CHAT_WORKERS", "0"),
        ("CHAT_WORKERS", "2"),
    ],
)
def test_a_bad_setting_is_named(cold, name, value):
    assert name in sentence(cold.command(**{name: value}))


@pytest.mark.parametrize(
    "url",
    [
        "redis://:opensesame@127.0.0.1:1/0",
        "redis://chat:open@sesame@127.0.0.1:1/0",
        "redis://:open/sesame@127.0.0.1:1/0",
        "redis://127.0.0.1:1/0?password=opensesame",
        "reds://:opensesame@127.0.0.1:1/0",
    ],
)
def test_a_redis_that_cannot_be_used_is_told_without_its_password(cold, url):
    said = sentence(cold.command(CHAT_REDIS_URL=url))

    assert "CHAT_REDIS_URL" in said
    assert "open" not in said
    assert "sesame" not in said


def test_a_redis_that_refuses_is_told_in_its_own_words(cold, redis_server):
    wrong_number = sentence(cold.command(CHAT_REDIS_URL=redis_server.url.replace("/0", "/99")))
    wrong_option = sentence(cold.command(CHAT_REDIS_URL=redis_server.url + "?colour=red"))
    assert redis_server.asks("CONFIG", "SET", "requirepass", "opensesame") == "+OK"
    # Nobody else here uses it.
    no_password = sentence(cold.command(CHAT_REDIS_URL=redis_server.url))
    wrong_password = sentence(cold.command(CHAT_REDIS_URL=redis_server.url.replace("://", "://:wrong@")))

    assert "DB index is out of range" in wrong_number
    assert wrong_option.startswith("CHAT_REDIS_URL cannot be read")
    assert "already authenticated" in no_password
    assert "invalid username-password pair" in wrong_password
    assert f"redis://:***@127.0.0.1:{redis_server.port}/0" in wrong_password


def test_what_a_cluster_lacks_is_told_in_its_own_words(cold):
    cluster = RedisClusterServers(1)
    try:
        cluster.start()
        said = sentence(cold.command(CHAT_REDIS_URL=cluster.url.replace("/0", "/1")))
    finally:
        cluster.close()

    assert "SELECT is not allowed in cluster mode" in said


def test_a_misspelt_setting_is_named_with_the_right_one(cold):
    said = sentence(cold.command(CHAT_BODY_CHAR="9"))

    assert "CHAT_BODY_CHAR " in said
    assert "CHAT_BODY_CHARS" in said


def test_a_data_folder_that_cannot_be_written_is_one_sentence(cold, tmp_path):
    (tmp_path / "file").write_text("not a folder")

    assert "file" in sentence(cold.command(CHAT_DATA=str(tmp_path / "file" / "data")))


def test_a_database_that_cannot_be_opened_is_one_sentence(cold):
    cold.data.mkdir()
    file = cold.data / "chat.sqlite3"

    file.write_bytes(b"this is no database at all, whatever its name says\n" * 100)
    assert "not a database" in sentence(cold.command())

    file.unlink()
    file.mkdir()
    assert "unable to open" in sentence(cold.command())


def test_an_unknown_word_is_answered_with_the_known_ones(cold):
    done = cold.command("dance")

    assert done.returncode == 2
    assert "settings" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_lists_each_with_default_unit_and_meaning(cold):
    done = cold.command("settings")

    assert done.returncode == 0
    entries = dict(re.findall(r"^(CHAT_\w+) = (.*(?:\n    .*)*)", done.stdout, re.M))
    described = list(config.described(config.Settings()))
    assert list(entries) == [name for name, *_ in described]
    for name, _, default, unit, meaning in described:
        assert meaning in entries[name]
        assert f"In {unit}; {default or 'empty'} unless set." in entries[name]


def test_settings_shows_no_password(cold):
    done = cold.command("settings", CHAT_DATABASE_URL="postgresql://chat:opensesame@db.example/chat")

    assert "CHAT_DATABASE_URL = postgresql://chat:***@db.example/chat\n" in done.stdout
    assert "opensesame" not in done.stdout + done.stderr


def test_settings_are_read_from_a_file_and_the_environment_wins(cold, tmp_path):
    (tmp_path / ".env").write_text("CHAT_BODY_CHARS=77\nCHAT_NAME_CHARS=9\n")
    environment = cold.environment() | {"PYTHONPATH": str(ROOT), "CHAT_NAME_CHARS": "8"}

    done = subprocess.run(
        [sys.executable, "-m", "app", "settings"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert "CHAT_BODY_CHARS = 77\n" in done.stdout
    assert "CHAT_NAME_CHARS = 8\n" in done.stdout


def test_a_start_says_where_to_open_it_and_how_to_let_others_in(cold):
    cold.start()

    assert f"http://127.0.0.1:{cold.port}" in cold.log()
    assert "--lan" in cold.log()


def test_a_second_start_keeps_the_secret_key(cold):
    cold.start()
    secrets_before = {path: path.read_bytes() for path in cold.data.iterdir() if "key" in path.name}
    cold.restart()

    assert len(secrets_before) == 1
    for path, content in secrets_before.items():
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o077 == 0, "nobody else may read it"


def test_lan_prints_an_address_and_a_qr_code(cold):
    with (cold.data.parent / "server.log").open("wb") as log:
        command, environment = (
            [sys.executable, "-m", "app", "--lan"],
            cold.environment() | {"PYTHONIOENCODING": "utf-8"},
        )
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        until(lambda: re.search(rf"http://[\d.]+:{cold.port}", cold.log()), 15, "an address")
        until(lambda: re.search("[█▀▄]{3}", cold.log()), 5, "a QR code")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize("start", [["-m", "app"], ["wsgi.py"]], ids=["python -m app", "python wsgi.py"])
def test_host_and_port_can_be_given_as_words(cold, start):
    port = free_port()
    command = [sys.executable, *start, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=cold.environment(), stdout=subprocess.DEVNULL)
    try:
        cold.port = port
        until(cold.answers, 15, "the server")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.fixture
def start_quietly(cold):
    """Starts the server by these words, and waits until it serves."""
    started = []

    def starts(*words):
        process = subprocess.Popen(
            words, cwd=ROOT, env=cold.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        until(cold.answers, 15, "the server")
        return process

    yield starts
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_cleanly_when_asked(cold, how):
    cold.start()

    assert cold.end(how) == 0
    assert "Traceback" not in cold.log()


def test_with_nohup_it_does_not_end_with_the_terminal(cold, start_quietly):
    process = start_quietly("nohup", sys.executable, "-m", "app")
    process.send_signal(signal.SIGHUP)

    assert cold.answers()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_migrate_says_what_it_did(cold):
    cold.data.mkdir()

    first, second = cold.command("migrate"), cold.command("migrate")

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.startswith("The database was empty, and has schema")
    assert second.stdout.endswith("nothing to do.\n")


def test_a_database_of_a_newer_version_is_refused_at_the_start(cold):
    cold.data.mkdir()
    cold.command("migrate")
    with closing(sqlite3.connect(cold.data / "chat.sqlite3")) as line, line:
        line.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer version" in sentence(cold.command())
    assert "newer version" in sentence(cold.command("migrate"))
