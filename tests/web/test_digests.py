from app.chat.facts import MemberJoined, MemberLeft, MemberRenamed
from app.chat.members import Member
from app.web.digests import Digest, Digests

ANN, ANNA, ANNE = Member("a", "Ann"), Member("a", "Anna"), Member("a", "Anne")


def told(*facts):
    digests = Digests()
    for fact in facts:
        digests.add(fact)
    payload = digests.take()["tea"].payload("tea", 7, is_crowd=False)
    assert not digests.take()
    assert payload.count == 7
    return (
        [member.name for member in payload.joined],
        [member.name for member in payload.left],
        [(rename.old_name, rename.name) for rename in payload.renamed],
    )


def test_the_last_word_on_somebody_wins():
    assert told(MemberJoined("tea", ANN), MemberLeft("tea", ANN)) == ([], ["Ann"], [])
    assert told(MemberLeft("tea", ANN), MemberJoined("tea", ANNA)) == (["Anna"], [], [])
    assert told(MemberRenamed("tea", ANNA, "Ann"), MemberLeft("tea", ANNA)) == ([], ["Anna"], [])


def test_a_newcomer_who_renames_joins_under_the_new_name():
    assert told(MemberJoined("tea", ANN), MemberRenamed("tea", ANNA, "Ann")) == (["Anna"], [], [])


def test_two_renames_are_one_from_the_first_name_to_the_last():
    assert told(MemberRenamed("tea", ANNA, "Ann"), MemberRenamed("tea", ANNE, "Anna")) == ([], [], [("Ann", "Anne")])


def test_it_is_known_whether_somebody_waits_to_be_told():
    digests = Digests()
    digests.add(MemberJoined("tea", ANN))

    assert digests.holds("tea", "a")
    assert not digests.holds("tea", "b")
    assert not digests.holds("milk", "a")
    digests.take()
    assert not digests.holds("tea", "a")


def test_what_a_big_room_hears_of_comings_and_goings_has_a_bound():
    """Row 24 of the threats: a digest for a thousand is paid for with a rest; one for ten is not."""
    now = 0.0
    digests = Digests(lambda: now)
    told = {"big": 0, "small": 0}
    for _ in range(600):
        for room, listeners in (("big", 1000), ("small", 10)):
            for number in range(10):
                digests.add(MemberJoined(room, Member(str(number), "somebody")))
            for digest in digests.take().values():
                told[room] += listeners * digest.weight()
                digests.rest(room, digest, listeners)
        now += 0.1

    assert told["big"] * 8 / 60 < 2_000_000
    assert told["small"] == 600 * 10 * Digest(joined=dict.fromkeys(map(str, range(10)))).weight()


def test_a_room_that_rests_is_told_all_the_same_when_it_cannot_wait():
    now = 0.0
    digests = Digests(lambda: now)
    digests.rest("tea", Digest(), 1_000_000)
    digests.add(MemberJoined("tea", ANN))

    assert not digests.take()
    assert digests.holds("tea", "a")
    assert digests.take("tea")["tea"].joined == {"a": ANN}
    digests.add(MemberLeft("tea", ANN))
    now = 4.1
    assert digests.take()["tea"].left == {"a": ANN}


def test_a_storm_is_one_digest():
    people = [Member(str(number), f"name {number}") for number in range(500)]

    joined, left, renamed = told(*(MemberJoined("tea", member) for member in people))

    assert (len(joined), left, renamed) == (500, [], [])
