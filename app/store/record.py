"""What one commit does: number and write a batch of drafts inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Select, bindparam, insert, select, update

from app.chat import rooms as room_rules
from app.chat.members import Member
from app.chat.messages import Draft, Message
from app.chat.refusals import ClientIdConflict, Refusal
from app.store.prepared import Prepared
from app.store.schema import looks, messages, rooms

Outcome = tuple[Message, bool] | Refusal
Key = tuple[str, str, str]

COLUMNS: Final = tuple(column.name for column in messages.columns)
LOOKED_UP_AT_ONCE: Final = (1, 4, 16, 64, 256)


class Recorder:
    """One transaction's work, its statements prepared for one kind of database."""

    def __init__(self, dialect: Dialect, seed: str) -> None:
        self._seed = seed
        self._known = {size: Prepared(known(size), dialect, _id_names(size)) for size in LOOKED_UP_AT_ONCE}
        take = update(rooms).where(rooms.c.slug == bindparam("room")).values(head=rooms.c.head + bindparam("count"))
        self._take = Prepared(take.returning(rooms.c.head), dialect, ["room", "count"])
        self._insert = Prepared(insert(messages), dialect, COLUMNS)

    def record(self, connection: Connection, drafts: Sequence[Draft], now_ms: int) -> list[Outcome]:
        """One outcome per draft, in order. The caller commits; until then nothing counts."""
        stored = self._look_up(connection, {draft.client_id for draft in drafts})
        fresh: dict[str, dict[Key, Draft]] = {}
        for draft in drafts:
            if key(draft) not in stored:
                fresh.setdefault(draft.room, {}).setdefault(key(draft), draft)
        recorded: dict[Key, Message] = {}
        # In one order everywhere, so that two processes never wait for each other's rooms.
        for room in sorted(fresh):
            recorded.update(self._number(connection, list(fresh[room].values()), now_ms))
        if recorded:
            self._insert.many(connection, [row_of(message) for message in recorded.values()])
        return _outcomes(drafts, stored, recorded)

    def _look_up(self, connection: Connection, client_ids: set[str]) -> dict[Key, Message]:
        """The messages already recorded under these client_ids, whoever's and wherever."""
        found: dict[Key, Message] = {}
        waiting = list(client_ids)
        while waiting:
            size = next((size for size in LOOKED_UP_AT_ONCE if size >= len(waiting)), LOOKED_UP_AT_ONCE[-1])
            now, waiting = waiting[:size], waiting[size:]
            filled_up = now + [now[0]] * (size - len(now))
            for row in self._known[size].run(connection, filled_up).fetchall():
                message = message_of(row)
                found[message.room, message.author.id, message.client_id] = message
        return found

    def _number(self, connection: Connection, drafts: list[Draft], now_ms: int) -> dict[Key, Message]:
        """The next numbers of one room for its drafts. The row is locked from here to the commit."""
        first = drafts[0]
        head = self._take_numbers(connection, first.room, len(drafts))
        if head is None:
            add_room(connection, new_room(first.room, first.title, self._seed, now_ms))
            head = self._take_numbers(connection, first.room, len(drafts))
        assert head is not None
        start = head - len(drafts) + 1
        return {
            key(draft): Message(
                draft.room, number, number, draft.kind, draft.author, draft.body, now_ms, draft.client_id
            )
            for number, draft in enumerate(drafts, start)
        }

    def _take_numbers(self, connection: Connection, room: str, count: int) -> int | None:
        row = self._take.run(connection, (room, count)).fetchone()
        return None if row is None else int(row[0])


def known(count: int) -> Select[tuple[object, ...]]:
    """The messages under any of `count` client_ids, their columns in the table's order."""
    ids = [bindparam(name, type_=messages.c.client_id.type) for name in _id_names(count)]
    return select(messages).where(messages.c.client_id.in_(ids))


def _id_names(count: int) -> list[str]:
    return [f"id_{n}" for n in range(count)]


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


def _outcomes(drafts: Sequence[Draft], known: dict[Key, Message], recorded: dict[Key, Message]) -> list[Outcome]:
    """The first draft under a new key made the message; any other under it is a repeat, or a conflict."""
    outcomes: list[Outcome] = []
    told: set[Key] = set()
    for draft in drafts:
        stored = known.get(key(draft)) or recorded[key(draft)]
        if (stored.kind, stored.body) != (draft.kind, draft.body):
            outcomes.append(ClientIdConflict())
        else:
            outcomes.append((stored, key(draft) in recorded and key(draft) not in told))
            told.add(key(draft))
    return outcomes
