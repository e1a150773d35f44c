"""What one commit does: number and write a batch of drafts inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Select, bindparam, column, insert, select, update, values
from sqlalchemy.sql import ClauseElement

from app.chat import rooms as room_rules
from app.chat.members import Member
from app.chat.messages import Draft, Message
from app.chat.refusals import ClientIdConflict, Refusal
from app.store.prepared import Prepared, numbered
from app.store.schema import looks, messages, rooms

Outcome = tuple[Message, bool] | Refusal
Key = tuple[str, str, str]

COLUMNS: Final = tuple(column.name for column in messages.columns)
# No room's address, and no client_id.
NOTHING: Final = ""


class Recorder:
    """One transaction's work, its statements prepared for one kind of database."""

    def __init__(self, dialect: Dialect, seed: str) -> None:
        self._seed = seed
        self._known = Prepared(known, dialect, ["id"])
        self._take = Prepared(taking, dialect, ["slug", "count"])
        self._insert = Prepared(inserting, dialect, COLUMNS)

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
        counts = [(room, len(fresh[room])) for room in sorted(fresh)]
        heads = dict(self._take.run(connection, counts, (NOTHING, 0)))
        for room, count in counts:
            if room not in heads:
                title = next(iter(fresh[room].values())).title
                add_room(connection, new_room(room, title, self._seed, now_ms) | {"head": count})
                heads[room] = count
        return heads


def known(count: int) -> Select[tuple[object, ...]]:
    """The messages under any of `count` client_ids, their columns in the table's order."""
    ids = [bindparam(name, type_=messages.c.client_id.type) for name in numbered(["id"], count)]
    return select(messages).where(messages.c.client_id.in_(ids))


def taking(count: int) -> ClauseElement:
    """So many numbers more for each of `count` rooms; gives (slug, head) of those that have a row."""
    slug, number = column("slug", rooms.c.slug.type), column("count", rooms.c.head.type)
    data = [(bindparam(f"slug_{n}", type_=slug.type), bindparam(f"count_{n}", type_=number.type)) for n in range(count)]
    taken = values(slug, number, name="taken").data(data).cte("taken")
    change = update(rooms).where(rooms.c.slug == taken.c.slug).values(head=rooms.c.head + taken.c.count)
    return change.returning(rooms.c.slug, rooms.c.head)


def inserting(count: int) -> ClauseElement:
    return insert(messages).values([{name: bindparam(f"{name}_{n}") for name in COLUMNS} for n in range(count)])


def key(draft: Draft) -> Key:
    return draft.room, draft.author.id, draft.client_id


def epoch_of(seed: str, room: str) -> str:
    """The epoch a room's log begins with: known before its row exists, so an empty room's cursors hold."""
    return hashlib.blake2s(room.encode(), key=seed.encode(), digest_size=8).hexdigest()


def add_room(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(insert(rooms), row)
    slug = row["slug"]
    found = [{"look": look, "room": slug} for look in room_rules.looks_of(slug, row["title"])]
    if found:
        connection.execute(insert(looks), found)


def new_room(room: str, title: str, seed: str, now_ms: int, *, is_locked: bool = False) -> dict[str, Any]:
    epoch = epoch_of(seed, room)
    return {
        "slug": room, "title": title, "epoch": epoch, "head": 0, "created_at_ms": now_ms, "is_locked": is_locked
    }  # fmt: skip


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
