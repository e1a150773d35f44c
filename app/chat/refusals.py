"""Every way the chat says no. Each has a stable code and a sentence that tells a person what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """Something a person can mend. `code` never changes; `detail` is a sentence; `retry_after_ms`: waiting helps.

    values   what the sentence is about, for who says it in another language
    rule     which of the rules that share this code was broken; "" where there is only one
    free     names that would not be refused
    """

    code = "forbidden"
    rule = ""
    values: Mapping[str, str] = {}
    free: Sequence[str] = ()

    def __init__(self, detail: str, retry_after_ms: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_ms = retry_after_ms


class RuleBroken(Refusal):
    """One code for several rules: the first word says which."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


class PayloadInvalid(Refusal):
    code = "payload_invalid"


class Forbidden(RuleBroken):
    code = "forbidden"


class TokenInvalid(Refusal):
    code = "token_invalid"

    def __init__(self) -> None:
        super().__init__("This token is not known here. It may have been taken back: ask whoever runs the chatroom.")


class UpgradeRequired(Refusal):
    code = "upgrade_required"


class NameInvalid(RuleBroken):
    code = "name_invalid"


class NameTaken(Refusal):
    code = "name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody here is called {name}, or has a name that looks like it. Choose another name.")
        self.values = {"name": name}


class RoomInvalid(RuleBroken):
    code = "room_invalid"


class RoomFull(Refusal):
    code = "room_full"

    def __init__(self, limit: int) -> None:
        super().__init__(f"This room is full: {limit} people are here. Try again later.", retry_after_ms=10_000)


class RoomLocked(Refusal):
    code = "room_locked"

    def __init__(self) -> None:
        super().__init__("This room is closed to newcomers. Whoever runs the chatroom can open it.")


class NotInRoom(Refusal):
    code = "not_in_room"

    def __init__(self) -> None:
        super().__init__("You are not in this room. Join it first.")


class BodyEmpty(Refusal):
    code = "body_empty"

    def __init__(self) -> None:
        super().__init__("Write something first.")


class BodyTooLong(Refusal):
    code = "body_too_long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The message has {length:,} characters; at most {limit:,} fit. Shorten it or send it in parts."
        )


class ClientIdConflict(Refusal):
    code = "client_id_conflict"

    def __init__(self) -> None:
        super().__init__("Another message was already sent under this client_id. Use a new one.")


class TooFast(Refusal):
    code = "too_fast"
    said = "Too fast. Wait a moment and try again."

    def __init__(self, retry_after_ms: int, detail: str = said) -> None:
        super().__init__(detail, retry_after_ms)


class Unavailable(Exception):
    """A part the chat needs (the disk, the database) is away. Nothing was recorded; the request may be repeated."""

    code = "unavailable"

    def __init__(self, what: str, retry_after_ms: int = 1000) -> None:
        super().__init__(what)
        self.detail = "The server cannot save or read messages right now. It keeps trying; so should you."
        self.retry_after_ms = retry_after_ms
