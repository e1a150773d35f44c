"""What is read, built once: room, before, after and count are given when it runs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from app.store.schema import IS_CHANGED, looks, messages, rooms

# One look can be given to any number of rooms by whoever wants to be a nuisance.
ALIKE_READ: Final = 20

_of_room = messages.c.room == bindparam("room", type_=messages.c.room.type)
_after = bindparam("after", type_=BigInteger)
_count = bindparam("count", type_=BigInteger)

ROOM = select(rooms).where(rooms.c.slug == bindparam("room", type_=rooms.c.slug.type))

HEADS = select(rooms.c.slug, rooms.c.head).where(rooms.c.slug.in_(bindparam("slugs", expanding=True)))

# Other rooms that have one of `looks`, the oldest first.
_alike = select(looks.c.room).where(looks.c.look.in_(bindparam("looks", expanding=True))).limit(ALIKE_READ)
ALIKE = (
    select(rooms)
    .where(rooms.c.slug.in_(_alike), rooms.c.slug != bindparam("room", type_=rooms.c.slug.type))
    .order_by(rooms.c.created_at_ms)
)

# The last messages of a room, newest first.
NEWEST = select(messages).where(_of_room).order_by(messages.c.id.desc()).limit(_count)
OLDER = NEWEST.where(messages.c.id < bindparam("before", type_=BigInteger))

# The first messages of a room behind a number, in order.
NEWER = (
    select(messages)
    .where(_of_room & (messages.c.id > bindparam("after_id", type_=BigInteger)))
    .order_by(messages.c.id)
    .limit(_count)
)

# Said after a number and never changed, in order; and changed after it, whenever said, in the order of the changes.
SAID = (
    select(messages)
    .where(_of_room & (messages.c.id > _after) & (messages.c.seq == messages.c.id))
    .order_by(messages.c.id)
    .limit(_count)
)
CHANGED = (
    select(messages).where(_of_room & (messages.c.seq > _after) & IS_CHANGED).order_by(messages.c.seq).limit(_count)
)
