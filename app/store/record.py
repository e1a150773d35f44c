"""What one commit does: number and write a batch of drafts inside one transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from app.chat.members import Member
from app.chat.messages import Draft, Message
from app.chat.refusals import ClientIdConflict, Refusal
from app.store.schema import messages, rooms

Outcome = tuple[Message, bool] | Refusal
Key = tuple[str, str, str]

KNOWN = select(messages).where(messages.c.client_id.in_(bindparam("client_ids", expanding=True)))
_TAKE_NUMBERS = (
    update(rooms)
    .where(rooms.c.slug == bindparam("room"))
    .values(head=rooms.c.head + bindparam("count"))
    .returning(rooms.c.head)
)


def record(connection: Connection, drafts: Sequence[Draft], seed: str, now_ms: int) -> list[Outcome]:
    """One outcome per draft, in order. The caller commits; until then nothing counts."""
    found = connection.execute(KNOWN, {"client_ids": [each.client_id for each in drafts]})
    known = {_key_of(row): message_of(row) for row in found}
    fresh: dict[str, dict[Key, Draft]] = defaultdict(dict)
    for draft in drafts:
        if key(draft) not in known:
            fresh[draft.room].setdefault(key(draft), draft)
    recorded: dict[Key, Message] = {}
    # In one order everywhere, so that two processes never wait for each other's rooms.
    for room in sorted(fresh):
        recorded.update(_number(connection, list(fresh[room].values()), seed, now_ms))
    if recorded:
        connection.execute(insert(messages), [row_of(message) for message in recorded.values()])
    return _outcomes(drafts, known, recorded)


def key(draft: Draft) -> Key:
    return draft.room, draft.author.id, draft.client_id


def epoch_of(seed: str, room: str) -> str:
    """The epoch a room's log begins with: known before its row exists, so an empty room's cursors hold."""
    return hashlib.blake2s(room.encode(), key=seed.encode(), digest_size=8).hexdigest()


def new_room(room: str, title: str, seed: str, now_ms: int, *, is_locked: bool = False) -> dict[str, object]:
    epoch = epoch_of(seed, room)
    return {
        "slug": room, "title": title, "epoch": epoch, "head": 0, "created_at_ms": now_ms, "is_locked": is_locked
    }  # fmt: skip


def message_of(row: Row[tuple[object, ...]]) -> Message:
    return Message(
        room=row.room,
        id=row.id,
        seq=row.seq,
        kind=row.kind,
        author=Member(row.author_id, row.author_name),
        body=row.body,
        sent_at_ms=row.sent_at_ms,
        client_id=row.client_id,
    )


def row_of(message: Message) -> dict[str, object]:
    return {
        "room": message.room,
        "id": message.id,
        "seq": message.seq,
        "kind": message.kind,
        "author_id": message.author.id,
        "author_name": message.author.name,
        "body": message.body,
        "sent_at_ms": message.sent_at_ms,
        "client_id": message.client_id,
    }


def _number(connection: Connection, drafts: list[Draft], seed: str, now_ms: int) -> dict[Key, Message]:
    """The next numbers of one room for its drafts. The row is locked from here to the commit."""
    first = drafts[0]
    numbers = {"room": first.room, "count": len(drafts)}
    head = connection.execute(_TAKE_NUMBERS, numbers).scalar()
    if head is None:
        connection.execute(insert(rooms), new_room(first.room, first.title, seed, now_ms))
        head = connection.execute(_TAKE_NUMBERS, numbers).scalar_one()
    start = head - len(drafts) + 1
    return {
        key(draft): Message(
            room=draft.room,
            id=number,
            seq=number,
            kind=draft.kind,
            author=draft.author,
            body=draft.body,
            sent_at_ms=now_ms,
            client_id=draft.client_id,
        )
        for number, draft in enumerate(drafts, start)
    }


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


def _key_of(row: Row[tuple[object, ...]]) -> Key:
    return row.room, row.author_id, row.client_id
