"""A chatroom moves from its file to PostgreSQL, and is put back from a backup: what its people see of it."""


def done(command):
    assert command.returncode == 0, command.stderr
    return command.stdout


def refusal(command):
    assert (command.returncode, command.stdout) == (1, ""), command.stdout + command.stderr
    return command.stderr


def test_open_pages_go_on_after_a_move_and_begin_anew_after_a_restore(house, cluster, tmp_path):
    server, saved, on_postgres = house.server, str(tmp_path / "saved"), {"CHAT_DATABASE_URL": cluster.make()}
    ann = house.member("Ann")
    cursor, token = {"epoch": ann.joins()["epoch"], "seq": 1}, ann.token
    ann.says("one")
    ann.says("two")

    assert "with 2 messages" in done(server.command("backup", saved))
    assert "is running" in refusal(server.command("restore", saved, "--replace"))
    assert "CHAT_DATABASE_URL" in refusal(server.command("import-sqlite", saved))
    server.stop()
    file = str(server.data / "chat.sqlite3")
    assert "with 2 messages" in done(server.command("import-sqlite", file, **on_postgres))
    server.start(**on_postgres)

    moved = house.guest("Ann", token=token).joins(since=cursor)
    assert (moved.bodies, moved["reset"]) == (["two"], False)
    assert house.guest("Ann", token=token).joins().ok

    server.stop()
    assert "with 2 messages" in done(server.command("restore", saved, "--replace"))
    server.restart()

    restored = house.guest("Ann", token=token).joins(since=cursor)
    assert (restored.bodies, restored["reset"]) == (["one", "two"], True)
    assert restored["epoch"] != cursor["epoch"]
