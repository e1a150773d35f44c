"""What every token store promises. A backend's test module subclasses this and makes `store` and `reopen`."""

from concurrent.futures import ThreadPoolExecutor


class TokenContract:
    """`store.tokens` is empty; `reopen()` closes the store and gives the same data again."""

    def test_a_token_is_found_by_its_digest_alone(self, store):
        token = store.tokens.add("id1", "bot", "Tea bot", ["tea", "milk"], "d" * 64)

        assert store.tokens.find("d" * 64) == token
        assert (token.id, token.kind, token.name, token.rooms) == ("id1", "bot", "Tea bot", ("milk", "tea"))
        assert token.created_at_ms > 0
        assert store.tokens.find("e" * 64) is None
        assert store.tokens.find("id1") is None

    def test_a_room_has_those_that_may_post_in_it(self, store):
        one = store.tokens.add("id1", "bot", "One", ["tea"], "1" * 64)
        two = store.tokens.add("id2", "webhook", "Two", ["milk"], "2" * 64)
        both = store.tokens.add("id3", "bot", "Both", ["tea", "milk"], "3" * 64)

        assert store.tokens.of_room("tea") == [one, both]
        assert store.tokens.of_room("milk") == [two, both]
        assert store.tokens.of_room("nowhere") == []
        assert store.tokens.all() == [one, two, both]

    def test_a_removed_token_is_unknown_everywhere(self, store):
        store.tokens.add("id1", "bot", "One", ["tea"], "1" * 64)

        assert store.tokens.remove("id1")
        assert not store.tokens.remove("id1")
        assert store.tokens.find("1" * 64) is None
        assert store.tokens.of_room("tea") == []
        assert store.tokens.all() == []

    def test_tokens_are_there_after_a_restart(self, store, reopen):
        token = store.tokens.add("id1", "bot", "One", ["tea"], "1" * 64)

        assert reopen().tokens.find("1" * 64) == token

    def test_many_may_be_asked_for_at_once(self, store):
        token = store.tokens.add("id1", "bot", "One", ["tea"], "1" * 64)

        with ThreadPoolExecutor(20) as pool:
            found = list(pool.map(lambda _: store.tokens.find("1" * 64), range(100)))

        assert found == [token] * 100
