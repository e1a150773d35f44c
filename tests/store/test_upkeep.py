import sqlite3
from contextlib import closing

import pytest

from app.store import copying, open_store, sqlite_url
from app.store.copying import NotCopied
from app.store.migrate import NEWEST, migrate
from app.store.upkeep import backup, import_sqlite, restore
from tests.store.contract import ANN, draft


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request, tmp_path):
    """The URL of an empty database, each time of another."""
    made = []

    def one_more():
        if request.param == "postgres":
            return request.getfixturevalue("cluster").make()
        made.append(tmp_path / f"database-{len(made)}")
        made[-1].mkdir()
        return sqlite_url(made[-1])

    return one_more


def unseen(done, count):
    """Nobody looks at how far it has come."""


class Opened:
    """A store for the length of a block."""

    def __init__(self, url):
        self.store = open_store(url)

    def __enter__(self):
        return self.store

    def __exit__(self, *trouble):
        self.store.close()


def filled(url, lines=5):
    """Some rooms, one of them closed, and a token; gives what everybody sees of it."""
    with Opened(url) as store:
        for n in range(lines):
            store.append(draft(f"line {n} 🍵", room=("tea", "milk")[n % 2], client_id=f"{n:032x}"))
        store.set_locked("te\u0430", "Te\u0430", True)
        store.tokens.add("id1", "bot", "Tea bot", ["tea", "later"], "d" * 64)
        return seen(store)


def seen(store):
    rooms = ("tea", "milk", "te\u0430", "nowhere")
    alike = store.alike("tea", "Tea")
    return [store.newest(room, 100) for room in rooms], alike, store.tokens.all()


def without_epochs(found):
    pages, alike, tokens = found
    rooms = [(page.room.slug, page.room.title, page.room.head, page.room.is_locked) for page in pages]
    return rooms, [page.messages for page in pages], [room.slug for room in alike], tokens


def test_a_backup_is_put_back_with_everything_but_the_epochs(empty, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "TOGETHER", 2)
    source, target, file = empty(), empty(), tmp_path / "saved"
    before, told = filled(source), []

    said = backup(source, file, lambda done, count: told.append((done, count)))
    back = restore(target, file, replace=False, progress=unseen)

    assert "3 rooms with 5 messages" in said
    assert "3 rooms with 5 messages" in back
    assert told == [(2, 5), (4, 5), (5, 5)]
    with Opened(target) as store:
        after = seen(store)
        assert without_epochs(after) == without_epochs(before)
        assert not {page.room.epoch for page in after[0]} & {page.room.epoch for page in before[0]}
        assert store.append(draft("line 0 🍵", client_id=f"{0:032x}"))[1] is False
        assert store.append(draft("more"))[0].id == 4


def test_a_backup_is_one_file_for_its_owner_alone(empty, tmp_path):
    source, file = empty(), tmp_path / "saved"
    filled(source)

    with Opened(source) as running:
        backup(source, file, unseen)
        assert running.append(draft("said meanwhile"))[1]

    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("saved*")] == ["saved"]
    with closing(sqlite3.connect(file)) as line:
        assert line.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert line.execute("SELECT count(*) FROM messages").fetchone() == (5,)


def test_a_backup_that_fails_leaves_nothing(empty, tmp_path):
    source = empty()
    filled(source)

    def fail(done, count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(source, tmp_path / "saved", fail)
    with pytest.raises(NotCopied, match="cannot be written"):
        backup(source, tmp_path / "no such folder" / "saved", unseen)
    (tmp_path / "there").write_text("dear to somebody")
    with pytest.raises(NotCopied, match="there already"):
        backup(source, tmp_path / "there", unseen)

    assert list(tmp_path.glob("saved*")) == []
    assert (tmp_path / "there").read_text() == "dear to somebody"


def test_a_restore_loses_nothing_unless_it_is_told_to(empty, tmp_path):
    source, target, file = empty(), empty(), tmp_path / "saved"
    before = filled(source)
    backup(source, file, unseen)
    filled(target, 9)

    with pytest.raises(NotCopied, match="--replace"):
        restore(target, file, replace=False, progress=unseen)
    with Opened(target) as store:
        assert store.room("tea").head == 5
    restore(target, file, replace=True, progress=unseen)

    with Opened(target) as store:
        assert without_epochs(seen(store)) == without_epochs(before)


def test_a_restore_that_fails_changes_nothing(empty, tmp_path):
    source, target, file = empty(), empty(), tmp_path / "saved"
    filled(source)
    backup(source, file, unseen)
    before = filled(target, 9)

    def fail(done, count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(target, file, replace=True, progress=fail)

    with Opened(target) as store:
        assert seen(store) == before


def test_what_is_no_chatroom_is_not_restored(empty, tmp_path):
    (tmp_path / "nothing").touch()

    with pytest.raises(NotCopied, match="no chatroom in"):
        restore(empty(), tmp_path / "nothing", replace=False, progress=unseen)
    with pytest.raises(NotCopied, match="no file"):
        restore(empty(), tmp_path / "elsewhere", replace=False, progress=unseen)
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_of_an_older_version_is_to_be_brought_up_to_date(tmp_path):
    url = sqlite_url(tmp_path)
    with copying.writing(url) as connection:
        migrate(connection, to="0002")

    with pytest.raises(NotCopied, match=f"has schema 0002, not {NEWEST}"):
        restore(url, tmp_path / "chat.sqlite3", replace=True, progress=unseen)


def test_an_import_keeps_numbers_epochs_and_tokens(cluster, tmp_path):
    source, target = sqlite_url(tmp_path), cluster.make()
    before = filled(source)

    said = import_sqlite(target, tmp_path / "chat.sqlite3", unseen)

    assert "3 rooms with 5 messages" in said
    with Opened(target) as store:
        assert seen(store) == before
        assert store.append(draft("line 0 🍵", client_id=f"{0:032x}", author=ANN))[1] is False
    with pytest.raises(NotCopied, match="not empty"):
        import_sqlite(target, tmp_path / "chat.sqlite3", unseen)


def test_nothing_is_put_under_a_server_that_runs_on_postgres(cluster, tmp_path):
    source, target = sqlite_url(tmp_path), cluster.make()
    filled(source)

    with Opened(target), pytest.raises(NotCopied, match="Stop it first"):
        import_sqlite(target, tmp_path / "chat.sqlite3", unseen)
