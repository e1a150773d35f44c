from app.chat.lookalikes import Lookalikes


def test_rooms_are_found_by_what_they_look_like():
    seen = Lookalikes()
    for title in ("team", "te\u0430m", "tea"):
        seen.enter(title, title)

    assert seen.like("team", "team") == {"te\u0430m"}
    assert seen.like("te\u0430m", "te\u0430m") == {"team"}
    assert seen.like("tea", "tea") == set()


def test_only_the_rooms_entered_last_are_remembered():
    seen = Lookalikes(kept=2)
    for title in ("team", "milk", "team", "tea"):
        seen.enter(title, title)

    assert seen.like("mi\u217ck", "mi\u217ck") == set()
    assert seen.like("te\u0430m", "te\u0430m") == {"team"}
    seen.enter("other", "other")
    seen.enter("another", "another")
    assert seen.like("te\u0430m", "te\u0430m") == set()
    assert len(seen._looks) == 2
    assert set().union(*seen._rooms.values()) == {"other", "another"}
