import pytest

from app.chat import names
from app.chat.members import Member
from app.chat.refusals import Forbidden, NameInvalid, NameTaken, PayloadInvalid, RoomInvalid, TokenInvalid
from app.chat.service import Chat, Limits
from app.chat.tokens import Keyring, Token, digest
from app.presence.memory import MemoryPresence


class MemoryTokens:
    def __init__(self):
        self.kept = {}

    def add(self, id_, kind, name, rooms, digest):
        self.kept[digest] = Token(id_, kind, name, tuple(rooms), 1)
        return self.kept[digest]

    def find(self, digest):
        return self.kept.get(digest)

    def of_room(self, slug):
        return [token for token in self.kept.values() if slug in token.rooms]

    def all(self):
        return list(self.kept.values())

    def remove(self, id_):
        before = len(self.kept)
        self.kept = {digest: token for digest, token in self.kept.items() if token.id != id_}
        return len(self.kept) < before


@pytest.fixture
def store():
    return MemoryTokens()


@pytest.fixture
def keyring(store):
    return Keyring(store, names.reserved("Vera"))


def test_a_secret_is_long_random_and_kept_only_as_a_digest(keyring, store):
    token, secret = keyring.make("Tea bot", ["tea"], "bot")
    _, other = keyring.make("Tea bot", ["tea"], "bot")

    assert len(secret) >= 40
    assert secret != other
    assert secret not in repr(store.kept)
    assert keyring.known(secret, "bot") == token
    assert store.find(digest(secret)) == token


def test_a_token_is_good_until_it_is_taken_back(keyring):
    token, secret = keyring.make("Tea bot", ["tea"], "bot")

    assert keyring.revoke(token.id)
    assert not keyring.revoke(token.id)
    with pytest.raises(TokenInvalid):
        keyring.known(secret, "bot")


def test_a_token_of_one_kind_is_none_of_another(keyring):
    _, bot = keyring.make("Tea bot", ["tea"], "bot")
    _, hook = keyring.make("Alarm", ["tea"], "webhook")

    for secret, kind in ((bot, "webhook"), (hook, "bot")):
        with pytest.raises(TokenInvalid):
            keyring.known(secret, kind)


NEARLY = [
    str.upper,
    lambda secret: secret[:-1],
    lambda secret: secret + "x",
    lambda secret: "",
    lambda secret: secret[4:],
    lambda secret: secret + "\u0430",
    lambda secret: "bot_" + "x" * 10**6,
    lambda secret: " " + secret,
]


@pytest.mark.parametrize("change", NEARLY)
def test_what_is_nearly_a_token_is_none(keyring, change):
    _, secret = keyring.make("Tea bot", ["tea"], "bot")

    with pytest.raises(TokenInvalid):
        keyring.known(change(secret), "bot")


def test_a_token_is_for_its_rooms_and_no_other(keyring):
    token, _ = keyring.make("Tea bot", ["tea", "milk", "tea"], "bot")

    assert token.rooms == ("milk", "tea")
    keyring.check_room(token, "milk")
    for slug in ("coffee", "", "te", "Tea"):
        with pytest.raises(Forbidden):
            keyring.check_room(token, slug)


@pytest.mark.parametrize("name", ["", "Vera", "V\u0435ra", "Operator", "System", "x" * 33, "a\x00b"])
def test_a_bot_needs_a_fit_name_that_is_not_the_operators(keyring, name):
    with pytest.raises(NameInvalid):
        keyring.make(name, ["tea"], "bot")


@pytest.mark.parametrize(
    "rooms, kind", [([], "bot"), (["tea", "milk"], "webhook"), ([f"r{n}" for n in range(101)], "bot")]
)
def test_a_bot_posts_somewhere_and_a_webhook_in_one_room(keyring, rooms, kind):
    with pytest.raises(PayloadInvalid):
        keyring.make("Tea bot", rooms, kind)


def test_a_room_is_named_by_its_address(keyring):
    with pytest.raises(RoomInvalid):
        keyring.make("Tea bot", ["Tea Party!"], "bot")


# What it means for people.


class Rooms:
    def room(self, slug):
        return type("Room", (), {"slug": slug, "is_locked": False, "created_at_ms": 1})()


@pytest.fixture
def chat(keyring, clock):
    keyring.make("Tea bot", ["tea"], "bot")
    return Chat(Rooms(), MemoryPresence(clock, 4, 120, 10), Limits(), "Vera", keyring.names_in)


@pytest.mark.parametrize("name", ["Tea bot", "TEA BOT", "T\u0435a bot"])
def test_nobody_comes_in_under_the_name_of_a_bot_of_the_room(chat, name):
    chat.join("tea", "b", "Ben", "1")

    with pytest.raises(NameTaken):
        chat.join("tea", "a", name, "2")
    with pytest.raises(NameTaken):
        chat.check_entry("tea", "a", name)
    with pytest.raises(NameTaken):
        chat.rename("tea", "b", name)
    assert chat.join("milk", "a", name, "2")[0] == Member("a", name)
