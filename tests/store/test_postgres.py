import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app.chat.refusals import Unavailable
from app.store import open_store, postgres, reads, sql
from app.store.engine import WRITE, make_engine
from app.store.migrate import NEWEST, bring_up_to_date, migrate
from app.store.prepared import Arrays
from app.store.record import known
from app.store.schema import messages, metadata
from tests.live import until
from tests.postgres import Cluster
from tests.store import race
from tests.store.contract import StoreContract, draft
from tests.store.tokens_contract import TokenContract

ROOMS = ["tea", "milk", "sugar"]


@pytest.fixture(scope="module")
def migrated(cluster):
    url = cluster.make()
    bring_up_to_date(url)
    return url.rpartition("/")[2]


@pytest.fixture
def url(cluster, migrated):
    return cluster.make(migrated)


@pytest.fixture
def opens(url):
    """Opens one store more on the same database; closes all at the end."""
    opened = []

    def one_more():
        opened.append(open_store(url))
        return opened[-1]

    yield one_more
    for each in opened:
        each.close()


@pytest.fixture
def store(opens):
    return opens()


@pytest.fixture
def reopen(store, opens):
    def again():
        store.close()
        return opens()

    return again


@pytest.fixture
def somebody(url):
    """A connection of somebody else to the same database."""
    with closing(psycopg.connect(url)) as connection:
        yield connection


@pytest.fixture
def in_no_hurry(monkeypatch):
    """For what is not about time: a busy machine may take as long as it likes."""
    monkeypatch.setattr(postgres.Bounded, "within_s", 60)
    monkeypatch.setattr(postgres.Bounded, "connect_within_s", 60)
    monkeypatch.setattr(postgres, "TIMEOUTS_MS", {})


@pytest.mark.usefixtures("in_no_hurry")
class TestPostgresStore(StoreContract):
    pass


@pytest.mark.usefixtures("in_no_hurry")
class TestPostgresTokens(TokenContract):
    pass


# many processes


def test_numbers_count_in_the_order_of_commits_whoever_writes(in_no_hurry, url, store, opens):
    """Three processes, and two stores of this one, into rooms that nobody has opened yet."""
    others = [race.start(url, writer, 150, ROOMS) for writer in range(3)]
    mine = [opens(), opens()]
    is_over, wrong = threading.Event(), []

    def read():
        while not is_over.is_set():
            for room in ROOMS:
                page = store.changes(room, 0, 1000)
                if [message.id for message in page.messages] != list(range(1, page.room.head + 1)):
                    wrong.append((page.room.head, [message.id for message in page.messages]))

    with ThreadPoolExecutor(21) as pool:
        reading = pool.submit(read)
        outcomes = [
            pool.submit(each.append, line) for n, each in enumerate(mine) for line in race.drafts(3 + n, 150, ROOMS)
        ]
        is_new = [each.result(60)[1] for each in outcomes]
        told = [int(each.communicate(timeout=60)[0]) for each in others]
        is_over.set()
        reading.result(10)

    pages = [store.newest(room, 1000) for room in ROOMS]
    assert wrong == []
    assert [[message.id for message in page.messages] for page in pages] == [
        list(range(1, page.room.head + 1)) for page in pages
    ]
    assert sum(page.room.head for page in pages) == 5 * 135 + 15
    assert sum(is_new) + sum(told) == 5 * 135 + 15, "what was sent through all is new once"


def test_one_client_id_through_many_processes_at_once_is_one_message(in_no_hurry, opens):
    stores = [opens() for _ in range(4)]

    for n in range(10):
        again = draft("hello", client_id=f"{n:032x}")
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda each, line=again: each.append(line), stores))
        assert len({message.id for message, _ in outcomes}) == 1
        assert sum(is_new for _, is_new in outcomes) == 1
    assert stores[0].room("tea").head == 10


def test_two_processes_may_close_and_open_one_room_at_once(in_no_hurry, opens):
    stores = [opens() for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        locks = [pool.submit(each.set_locked, "tea", "Tea", True) for each in stores]
        lines = [pool.submit(each.append, draft()) for each in stores]
        assert [each.result(20) for each in locks] == [None] * 4
        assert sorted(each.result(20)[0].id for each in lines) == [1, 2, 3, 4]

    assert stores[0].room("tea").is_locked


@pytest.mark.usefixtures("in_no_hurry")
@pytest.mark.parametrize("order", ["abc", "cba"])
def test_rooms_are_taken_in_one_order_so_that_two_processes_never_wait_for_each_other(url, store, somebody, order):
    """Whoever waits for b has a, and not c."""
    for room in "abc":
        store.append(draft(room=room))
    somebody.execute("SELECT * FROM rooms WHERE slug = 'b' FOR UPDATE")

    with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as third:
        batch = pool.submit(store._commit, [draft(room=room) for room in order])
        until(lambda: third.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone(), 20, "somebody who waits")
        free = third.execute("SELECT slug FROM rooms ORDER BY slug FOR UPDATE SKIP LOCKED").fetchall()
        somebody.rollback()
        assert [message.id for message, _ in batch.result(20)] == [2, 2, 2]

    assert free == [("c",)]


# what a connection is set to


def test_a_commit_is_on_disk_whatever_the_database_says(cluster, url, opens):
    with cluster.line("postgres") as line:
        line.execute(f'ALTER DATABASE "{url.rpartition("/")[2]}" SET synchronous_commit = off')
    store = opens()

    assert store._write(lambda connection: connection.execute(text("SHOW synchronous_commit")).scalar()) == "on"


def test_a_reader_sees_everything_of_one_moment_and_changes_nothing(store):
    def read(connection):
        return [connection.execute(text(f"SHOW transaction_{word}")).scalar() for word in ("isolation", "read_only")]

    assert store._read("isolation", read) == ["repeatable read", "on"]
    assert store._write(read) == ["read committed", "off"]


@pytest.mark.parametrize(
    "statement, index",
    [
        (reads.NEWEST, "messages_pkey"),
        (reads.OLDER, "messages_pkey"),
        (reads.NEWER, "messages_pkey"),
        (reads.CHANGED, "ix_messages_changed"),
        (known(Arrays([messages.c.client_id])), "uq_messages_client_id"),
    ],
)
def test_what_every_join_and_commit_reads_comes_from_an_index_from_the_first_day(store, somebody, statement, index):
    """After the first crowd, of which the planner has not heard yet."""
    somebody.execute("INSERT INTO rooms VALUES ('tea', 'Tea', 'e', 3000, 1, false)")
    somebody.execute("INSERT INTO messages SELECT 'tea', n, n, 'text', 'a', 'Ann', 'hello', 1, n::text "
                     "FROM generate_series(1, 3000) n")  # fmt: skip
    somebody.commit()
    compiled = statement.compile(dialect=store._engine.dialect)
    values = {"room": "tea", "client_id": [str(n) for n in range(500)]}
    given = {name: values.get(name, 100) for name in compiled.params}

    def explain(connection):
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {compiled}", given).scalars())

    assert index in store._read((index, str(statement)), explain)


def test_waiting_is_done_in_c():
    """Written in Python it would go through modules that a patched process has replaced."""
    assert psycopg.pq.__impl__ in ("binary", "c")
    assert psycopg.waiting.wait is psycopg.waiting.wait_c


def test_a_server_is_found_by_its_name(url):
    store = open_store(url.replace("127.0.0.1", "localhost").replace("postgresql://", "postgres://"))

    assert store.append(draft())[0].id == 1
    store.close()


@pytest.mark.parametrize(
    "url, word",
    [
        ("postgresql://chat@no-such-host.invalid/chat", "no-such-host.invalid"),
        ("postgresql://chat:secret@127.0.0.1:1/chat", "refused"),
        ("mysql://chat@127.0.0.1/chat", "CHAT_DATABASE_URL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_one_sentence(url, word):
    with pytest.raises(Unavailable) as refusal:
        open_store(url)

    assert word in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


# the schema


def test_the_migrations_make_the_schema(in_no_hurry, cluster):
    url = cluster.make()

    assert bring_up_to_date(url) is None
    assert bring_up_to_date(url) == NEWEST
    with make_engine(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_many_may_bring_one_database_up_to_date_at_once(in_no_hurry, cluster):
    url = cluster.make()

    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(url), range(4)))

    assert len({store.room("tea").epoch for store in stores}) == 1
    for store in stores:
        store.close()


@pytest.mark.alone
def test_a_server_of_the_version_before_goes_on_writing_while_its_database_is_migrated(cluster, monkeypatch):
    """Nothing that is said touches what 0003 brought: a store that opens without migrating is one from before it."""
    url = cluster.make()
    before = "0002"
    with make_engine(url, is_patient=True).connect().execution_options(**WRITE) as connection, connection.begin():
        migrate(connection, before)
    with monkeypatch.context() as as_then:
        as_then.setattr(sql, "bring_up_to_date", lambda _url: None)
        older = open_store(url)
    is_over, said = threading.Event(), []

    def write(writer):
        numbers = itertools.count()
        while not is_over.is_set():
            n = next(numbers)
            line = draft(f"line {n}", room=ROOMS[n % len(ROOMS)], client_id=f"{writer:016x}{n:016x}")
            said.append(older.append(line))

    def goes_on():
        so_far = len(said)
        until(lambda: len(said) >= so_far + 30 or writing_ended(), 20, "30 messages more")

    def writing_ended():
        return any(each.done() for each in writers)

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, writer) for writer in range(4)]
        try:
            goes_on()
            assert bring_up_to_date(url) == before
            goes_on()
            assert bring_up_to_date(url) == NEWEST
            goes_on()
        finally:
            is_over.set()
        assert [each.result(20) for each in writers] == [None] * 4

    pages = [older.newest(room, 100_000) for room in ROOMS]
    older.close()
    assert all(is_new for _, is_new in said)
    assert sum(page.room.head for page in pages) == len(said)
    numbers = {room: sorted(message.id for message, _ in said if message.room == room) for room in ROOMS}
    assert numbers == {page.room.slug: list(range(1, page.room.head + 1)) for page in pages}


def test_a_database_of_a_newer_version_is_refused(somebody, url):
    somebody.execute("UPDATE alembic_version SET version_num = '9999'")
    somebody.commit()

    with pytest.raises(Unavailable, match=r"9999 by a newer version"):
        open_store(url)


# trouble


def seconds(work):
    """How long it took, and what came of it: an outcome, or a refusal."""
    begin = time.monotonic()
    try:
        return work(), time.monotonic() - begin
    except Unavailable as error:
        return error, time.monotonic() - begin


def refused(outcome):
    found, took_s = outcome
    return isinstance(found, Unavailable) and found.retry_after_ms > 0 and took_s < 2


@pytest.mark.alone
def test_a_room_that_somebody_holds_is_unavailable_soon_and_the_others_are_not(store, somebody):
    store.append(draft("before"))
    store.append(draft("before", room="milk"))
    somebody.execute("SELECT * FROM rooms WHERE slug = 'tea' FOR UPDATE")

    with ThreadPoolExecutor(12) as pool:
        held = [pool.submit(seconds, lambda n=n: store.append(draft(f"during {n}"))) for n in range(6)]
        others = [
            pool.submit(seconds, lambda room=room: store.append(draft("during", room=room)))
            for room in ("milk", "sugar") * 3
        ]
        assert [each.result(5)[1] < 2 for each in held + others] == [True] * 12
        assert [refused(each.result()) for each in held] == [True] * 6
        assert [each.result()[0][1] for each in others] == [True] * 6
    assert [message.body for message in store.newest("tea", 10).messages] == ["before"]
    somebody.rollback()

    assert store.append(draft("after"))[0].id == 2
    assert store.room("milk").head == 4


def test_a_draft_that_cannot_be_stored_does_not_take_others_with_it(in_no_hurry, store, somebody):
    store.append(draft("first"))
    somebody.execute("CREATE FUNCTION no() RETURNS trigger AS $$ BEGIN RAISE 'no poison'; END $$ LANGUAGE plpgsql")
    somebody.execute("CREATE TRIGGER t BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.body = 'poison') "
                     "EXECUTE FUNCTION no()")  # fmt: skip
    somebody.commit()
    somebody.execute("SELECT * FROM rooms FOR UPDATE")

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(store.append, draft("opens the batch"))
        others = [pool.submit(store.append, draft(f"good {n}")) for n in range(6)]
        bad = pool.submit(store.append, draft("poison"))
        somebody.rollback()
        assert {first.result(20)[1], *(each.result(20)[1] for each in others)} == {True}
        assert "no poison" in str(bad.exception(20))

    assert store.room("tea").head == 8


def test_connections_that_were_killed_are_made_again_before_anybody_notices(in_no_hurry, store, somebody):
    store.append(draft("before"))
    store.newest("tea", 5)
    somebody.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip

    assert store.append(draft("after"))[0].id == 2
    assert store.newest("tea", 5).room.head == 2


@pytest.fixture
def troubled():
    """A server that may be treated badly, with a store on it."""
    cluster = Cluster("fsync=off")
    try:
        cluster.start()
        store = open_store(cluster.make())
        yield cluster, store
        store.close()
    finally:
        cluster.remove()


@pytest.mark.alone
def test_a_server_that_is_away_or_silent_is_unavailable_soon_and_then_back(troubled):
    cluster, store = troubled
    store.append(draft("one"))

    cluster.stop()
    assert refused(seconds(lambda: store.append(draft("away"))))
    assert refused(seconds(lambda: store.newest("tea", 5)))
    cluster.start()
    assert until(lambda: isinstance(seconds(lambda: store.append(draft("two")))[0], tuple), 10)

    cluster.freeze()
    with ThreadPoolExecutor(30) as pool:
        writes = [pool.submit(seconds, lambda n=n: store.append(draft(f"frozen {n}"))) for n in range(10)]
        reads = [pool.submit(seconds, lambda n=n: store.newest(f"room {n}", 5)) for n in range(20)]
        assert [refused(each.result(20)) for each in writes + reads] == [True] * 30
    cluster.thaw()
    assert until(lambda: isinstance(seconds(lambda: store.append(draft("three")))[0], tuple), 10)

    told = [message.body for message in store.newest("tea", 50).messages]
    assert [body for body in told if "frozen" not in body] == ["one", "two", "three"]
