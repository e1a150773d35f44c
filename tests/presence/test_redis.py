from tests.presence.contract import PresenceContract


class TestRedisPresence(PresenceContract):
    pass
