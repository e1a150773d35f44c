import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.dialects import sqlite

from app.chat.refusals import Unavailable
from app.store import copy_back, open_store, reads, sqlite_url
from app.store.engine import make_engine
from app.store.migrate import migrate
from app.store.prepared import Listed
from app.store.record import known
from app.store.schema import messages, metadata
from tests.store.contract import StoreContract, draft
from tests.store.tokens_contract import TokenContract


@pytest.fixture
def stores(tmp_path):
    """Opens the store again and again; closes all at the end."""
    opened = []

    def reopen():
        if opened:
            opened[-1].close()
        opened.append(open_store(sqlite_url(tmp_path)))
        return opened[-1]

    yield reopen
    opened[-1].close()


@pytest.fixture
def store(stores):
    return stores()


@pytest.fixture
def reopen(stores):
    return stores


@pytest.fixture
def database(tmp_path, store):
    """A connection of somebody else to the same file."""
    connection = sqlite3.connect(tmp_path / "chat.sqlite3", isolation_level=None)
    yield connection
    connection.close()


class TestSqliteStore(StoreContract):
    pass


class TestSqliteTokens(TokenContract):
    pass


def test_the_log_is_copied_back_after_so_many_messages(store, tmp_path, monkeypatch):
    monkeypatch.setattr(copy_back, "TOGETHER", 3)

    for number in range(4):
        store.append(draft(str(number)))

    # The file alone, without the log beside it.
    alone = shutil.copy(tmp_path / "chat.sqlite3", tmp_path / "alone.sqlite3")
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (3,)


def test_every_commit_is_synced_to_disk(store):
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


@pytest.mark.parametrize(
    "statement, index",
    [
        (reads.NEWEST, "USING PRIMARY KEY (room=?)"),
        (reads.OLDER, "USING PRIMARY KEY (room=? AND id<?)"),
        (reads.SAID, "USING PRIMARY KEY (room=? AND id>?)"),
        (reads.CHANGED, "USING INDEX ix_messages_changed (room=? AND seq>?)"),
        (known(Listed([messages.c.client_id], 2)), "USING INDEX sqlite_autoindex_messages_2 (client_id=?)"),
    ],
)
def test_what_every_join_and_commit_reads_comes_from_an_index_and_is_never_sorted(store, database, statement, index):
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    values = {name: "tea" if name == "room" else 100 for name in compiled.params}

    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {compiled}", values)]

    assert len(plan) == 1, plan
    assert index in plan[0]


def test_rooms_that_look_the_same_are_found_by_index(store, database):
    compiled = reads.ALIKE.params(room="team", looks=["a", "b"]).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )

    plan = " ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {compiled}"))

    assert "SEARCH looks USING PRIMARY KEY (look=?)" in plan
    assert "SEARCH rooms USING INDEX sqlite_autoindex_rooms_1 (slug=?)" in plan
    assert "SCAN" not in plan


def test_the_migrations_make_the_schema(tmp_path):
    engine = make_engine(sqlite_url(tmp_path))
    with engine.connect() as connection, connection.begin():
        migrate(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_of_the_first_version_learns_what_its_rooms_look_like(tmp_path):
    engine = make_engine(sqlite_url(tmp_path))
    with engine.connect() as connection, connection.begin():
        migrate(connection, to="0001")
        assert not inspect(connection).has_table("looks")
        connection.exec_driver_sql(
            "INSERT INTO rooms VALUES ('team', 'Team', 'e', 1, 5, 0), ('te\u0430m-2', 'Te\u0430m 2', 'e', 1, 6, 0)"
        )

    store = open_store(sqlite_url(tmp_path))

    assert [room.title for room in store.alike("te\u0430m", "ТЕ\u0410М")] == ["Team"]
    assert [room.title for room in store.alike("team-2", "team 2")] == ["Te\u0430m 2"]
    assert store.append(draft(room="te\u0430m"))[1]
    assert [room.slug for room in store.alike("team", "Team")] == ["te\u0430m"]
    store.close()


def test_a_locked_database_is_unavailable_soon_and_works_again_after(store, database):
    store.append(draft("before"))
    database.execute("BEGIN IMMEDIATE")

    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(store.append, draft(f"during {n}")) for n in range(5)]
        for each in waiting:
            with pytest.raises(Unavailable) as refusal:
                each.result(timeout=5)
            assert refusal.value.retry_after_ms > 0
    assert [message.body for message in store.newest("tea", 10).messages] == ["before"]
    database.execute("ROLLBACK")

    assert store.append(draft("after"))[0].id == 2


def test_a_draft_that_cannot_be_stored_does_not_take_others_with_it(store, database):
    """The writer is kept busy while good drafts and a bad one gather into the next batch."""
    store.append(draft("first"))
    database.execute("CREATE TRIGGER no_poison BEFORE INSERT ON messages WHEN NEW.body = 'poison' "
                     "BEGIN SELECT RAISE(ABORT, 'poison'); END")  # fmt: skip
    database.execute("BEGIN IMMEDIATE")

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(store.append, draft("opens the batch"))
        others = [pool.submit(store.append, draft(f"good {n}")) for n in range(6)]
        bad = pool.submit(store.append, draft("poison"))
        database.execute("ROLLBACK")
        assert {first.result(5)[1], *(each.result(5)[1] for each in others)} == {True}
        assert type(bad.exception(5)).__name__ == "IntegrityError"

    bodies = [message.body for message in store.newest("tea", 50).messages]
    assert sorted(bodies) == sorted(["first", "opens the batch", *(f"good {n}" for n in range(6))])
    assert store.room("tea").head == 8


def test_an_error_of_the_database_quotes_nobody(store, database):
    store.append(draft("first"))
    database.execute("CREATE TRIGGER t BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END")

    with pytest.raises(Exception, match="no") as error:
        store.append(draft("a secret between us"))

    assert "secret" not in str(error.value)


def test_a_changed_message_comes_in_the_place_of_its_change(store, database):
    for number in range(1, 5):
        store.append(draft(f"line {number}"))
    with database:
        database.execute("UPDATE messages SET seq = 5, body = 'changed' WHERE id = 2")
        database.execute("UPDATE rooms SET head = 5")

    assert [(each.id, each.seq) for each in store.changes("tea", 0, 10).messages] == [(1, 1), (3, 3), (4, 4), (2, 5)]
    assert [(each.id, each.seq) for each in store.changes("tea", 3, 10).messages] == [(4, 4), (2, 5)]
    cut = store.changes("tea", 0, 2)
    assert [each.id for each in cut.messages] == [1, 3]
    assert cut.more
