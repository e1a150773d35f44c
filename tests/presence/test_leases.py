import pytest

from app.chat.members import Member
from app.chat.refusals import NameTaken
from app.presence.leases import Leases, load
from app.presence.memory import MemoryPresence
from tests.presence.contract import ANN, BOB, CAPACITY, GRACE_S, LEASE_S

THIEF = Member("thief", "ann")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "names.json"


@pytest.fixture
def start(clock, path):
    """A process that starts: its presence, and what keeps its names."""

    def start():
        presence = MemoryPresence(clock, GRACE_S, LEASE_S, CAPACITY)
        return presence, Leases(presence, path, lambda function, *arguments: function(*arguments))

    return start


def test_a_name_waits_for_its_owner_over_a_restart(start, clock):
    presence, leases = start()
    presence.enter("tea", ANN, "1")
    presence.enter("tea", BOB, "2")
    presence.leave("tea", "b", "2")
    leases.save()

    presence, _ = start()

    assert presence.members("tea") == []
    with pytest.raises(NameTaken):
        presence.enter("tea", THIEF, "3")
    assert presence.enter("tea", Member("c", "Bob"), "4").is_new
    entry = presence.enter("tea", ANN, "5")
    assert (entry.is_new, entry.old_name) == (True, None)
    assert presence.count("tea") == 2


def test_it_waits_for_the_lease_and_no_longer(start, clock):
    presence, leases = start()
    presence.enter("tea", ANN, "1")
    leases.save()

    presence, _ = start()
    clock.now += LEASE_S - 1
    assert presence.sweep() == []
    assert presence.knows("tea", "a")
    clock.now += 2
    assert presence.sweep() == []

    assert presence.enter("tea", THIEF, "2").is_new


def test_what_did_not_change_is_not_written_again(start, path):
    presence, leases = start()
    presence.enter("tea", ANN, "1")
    leases.save()
    path.unlink()

    leases.save()
    assert not path.exists()
    presence.rename("tea", Member("a", "Anna"))
    leases.save()
    assert load(path) == [("tea", Member("a", "Anna"))]


@pytest.mark.parametrize("content", ["", "{", "7", '[["tea"]]', '{"tea": 1}', "[null]", "\x00"])
def test_a_file_that_is_not_ours_is_no_file(start, path, content):
    path.write_text(content)

    presence, _ = start()

    assert presence.held() == []


def test_a_disk_that_refuses_stops_nobody(start, path):
    presence, leases = start()
    presence.enter("tea", ANN, "1")
    path.with_suffix(".new").mkdir()

    leases.save()
    path.with_suffix(".new").rmdir()
    leases.save()

    assert load(path) == [("tea", ANN)]
