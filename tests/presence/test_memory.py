import pytest

from app.presence.memory import MemoryPresence
from tests.presence.contract import ANN, CAPACITY, GRACE_S, LEASE_S, PresenceContract


@pytest.fixture
def presence(clock):
    return MemoryPresence(clock, GRACE_S, LEASE_S, CAPACITY)


@pytest.fixture
def wait(clock):
    def wait(seconds):
        clock.now += seconds

    return wait


class TestMemoryPresence(PresenceContract):
    pass


def test_a_room_everybody_left_takes_no_memory(presence, wait):
    for number in range(1000):
        presence.holder(f"room-{number}", "Ann")
        presence.enter(f"room-{number}", ANN, "1")
        presence.leave(f"room-{number}", "a", "1")
        presence.drop(f"nobody-{number}")

    assert not presence._rooms
    assert not presence._rooms_of
