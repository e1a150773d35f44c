"""What one commit does: number and write a batch of drafts inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any, Final, cast

from sqlalchemy import Connection, Dialect, Select, Table, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from app.chat import rooms as room_rules
from app.chat.members import Member
from app.chat.messages import Draft, Message
from app.chat.refusals import ClientIdConflict, Refusal, Unavailable
from app.store.prepared import Given, Prepared
from app.store.schema import looks, messages, rooms

Outcome = tuple[Message, bool] | Refusal | Unavailable
Key = tuple[str, str, str]

# No room's address, and no client_id.
NOTHING: Final = ""
NO_ROOM: Final = (NOTHING, NOTHING, NOTHING, 0, 0, False)
# An insert that may find the row there already: the same words in both, from two places.
INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Recorder:
    """One transaction's work, its statements prepared for one kind of database."""

    def __init__(self, dialect: Dialect, seed: str) -> None:
        self._seed = seed
        self._known = Prepared(known, dialect, [messages.c.client_id])
        self._take = Prepared(lambda given: taking(given, dialect), dialect, list(rooms.c))
        self._insert = Prepared(inserting, dialect, list(messages.c))

    def record(self, connection: Connection, drafts: Sequence[Draft], now_ms: int) -> list[Outcome]:
        """One outcome per draft, in order. The caller commits; until then nothing counts."""
        stored = self._look_up(connection, {draft.client_id for draft in drafts})
        fresh: dict[str, dict[Key, Draft]] = {}
        keys = [key(draft) for draft in drafts]
        for mine, draft in zip(keys, drafts, strict=True):
            if mine not in stored:
                fresh.setdefault(draft.room, {}).setdefault(mine, draft)
        recorded = self._number(connection, fresh, now_ms) if fresh else {}
        if recorded:
            self._insert.run(connection, [row_of(message) for message in recorded.values()])
        return _outcomes(drafts, keys, stored, recorded)

    def _look_up(self, connection: Connection, client_ids: set[str]) -> dict[Key, Message]:
        """The messages already recorded under these client_ids, whoever's and wherever."""
        found: dict[Key, Message] = {}
        for row in self._known.run(connection, [(each,) for each in client_ids], (NOTHING,)):
            message = message_of(row)
            found[message.room, message.author.id, message.client_id] = message
        return found

    def _number(self, connection: Connection, fresh: dict[str, dict[Key, Draft]], now_ms: int) -> dict[Key, Message]:
        """The next numbers of each room for its drafts. The rooms' rows are locked from here to the commit."""
        heads = self._heads(connection, fresh, now_ms)
        return {
            key: Message(room, number, number, draft.kind, draft.author, draft.body, now_ms, draft.client_id)
            for room, drafts in fresh.items()
            for number, (key, draft) in enumerate(drafts.items(), heads[room] - len(drafts) + 1)
        }

    def _heads(self, connection: Connection, fresh: dict[str, dict[Key, Draft]], now_ms: int) -> dict[str, int]:
        """Each room's last number, once all of its drafts have theirs."""
        # In one order everywhere, so that two processes never wait for each other's rooms.
        wanted = [
            new_room(room, next(iter(fresh[room].values())).title, self._seed, now_ms, head=len(fresh[room]))
            for room in sorted(fresh)
        ]
        heads = {}
        for slug, head, title in self._take.run(connection, wanted, NO_ROOM):
            heads[slug] = head
            if head == len(fresh[slug]):
                add_looks(connection, slug, title)
        return heads


def known(given: Given) -> Select[tuple[object, ...]]:
    """The messages under any of the client_ids, their columns in the table's order."""
    return select(messages).where(given.hold(messages.c.client_id))


def taking(given: Given, dialect: Dialect) -> ClauseElement:
    """`head` numbers more for each of the rooms, which are made where they are not; gives (slug, head, title)."""
    taken = given.rows()
    found = select(taken).where(text(f"slug != '{NOTHING}'")).order_by(taken.c.slug)
    made = upsert(rooms, dialect).from_select(list(rooms.c), found)
    change = made.on_conflict_do_update(index_elements=["slug"], set_={"head": rooms.c.head + made.excluded.head})
    return cast(ClauseElement, change.returning(rooms.c.slug, rooms.c.head, rooms.c.title))


def inserting(given: Given) -> ClauseElement:
    return insert(messages).from_select(list(messages.c), select(given.rows()))


def key(draft: Draft) -> Key:
    return draft.room, draft.author.id, draft.client_id


def epoch_of(seed: str, room: str) -> str:
    """The epoch a room's log begins with: known before its row exists, so an empty room's cursors hold."""
    return hashlib.blake2s(room.encode(), key=seed.encode(), digest_size=8).hexdigest()


def upsert(table: Table, dialect: Dialect) -> Any:
    """An insert that may say what to do where the row is there already."""
    return INSERTS[dialect.name](table)


def lock_room(connection: Connection, slug: str, title: str, seed: str, now_ms: int, *, is_locked: bool) -> None:
    """Close a room or open it; make it if there is none."""
    row = new_room(slug, title, seed, now_ms, is_locked=is_locked)
    made = upsert(rooms, connection.dialect).values(row)
    change = made.on_conflict_do_update(index_elements=["slug"], set_={"is_locked": is_locked})
    add_looks(connection, slug, connection.execute(change.returning(rooms.c.title)).scalar_one())


def held_rooms(connection: Connection, slugs: Collection[str]) -> frozenset[str]:
    """Those whose row somebody else has locked; all others are ours until the transaction ends."""
    # Whoever asks has waited once already.
    connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
    wanted = select(rooms.c.slug).where(rooms.c.slug.in_(slugs))
    known = connection.execute(wanted).scalars().all()
    return frozenset(known) - set(connection.execute(wanted.with_for_update(skip_locked=True)).scalars())


def add_looks(connection: Connection, slug: str, title: str) -> None:
    """What the room may be taken for, unless it is there already."""
    if found := [{"look": look, "room": slug} for look in room_rules.looks_of(slug, title)]:
        connection.execute(upsert(looks, connection.dialect).on_conflict_do_nothing(), found)


def new_room(
    slug: str, title: str, seed: str, now_ms: int, *, head: int = 0, is_locked: bool = False
) -> tuple[str, str, str, int, int, bool]:
    """In the order of the table's columns."""
    return slug, title, epoch_of(seed, slug), head, now_ms, is_locked


def message_of(row: Sequence[Any]) -> Message:
    """From the columns of the table, in their order."""
    room, id_, seq, kind, author_id, author_name, body, sent_at_ms, client_id = row
    return Message(room, id_, seq, kind, Member(author_id, author_name), body, sent_at_ms, client_id)


def row_of(message: Message) -> tuple[object, ...]:
    return (
        message.room,
        message.id,
        message.seq,
        message.kind,
        message.author.id,
        message.author.name,
        message.body,
        message.sent_at_ms,
        message.client_id,
    )


def _outcomes(
    drafts: Sequence[Draft], keys: Sequence[Key], known: dict[Key, Message], recorded: dict[Key, Message]
) -> list[Outcome]:
    """The first draft under a new key made the message; any other under it is a repeat, or a conflict."""
    outcomes: list[Outcome] = []
    told: set[Key] = set()
    for mine, draft in zip(keys, drafts, strict=True):
        stored = known.get(mine) or recorded[mine]
        if (stored.kind, stored.body) != (draft.kind, draft.body):
            outcomes.append(ClientIdConflict())
        else:
            outcomes.append((stored, mine in recorded and mine not in told))
            told.add(mine)
    return outcomes
