"""What a proxy or an alarm is told about one process."""

import pytest
from flask import Flask

from app.bus.local import LocalBus
from app.chat.refusals import Unavailable
from app.web import health
from app.web.draining import Drain


class Chat:
    is_away = False

    def ping(self):
        if self.is_away:
            raise Unavailable("the database")


class SharedBus(LocalBus):
    is_shared = True
    is_well = True


class Process:
    def __init__(self, bus):
        self.chat, self.bus, self.drain = Chat(), bus, Drain()
        app = Flask("process")
        app.register_blueprint(health.blueprint(self.chat, self.bus, self.drain))
        self._client = app.test_client()

    def tells(self):
        reply = self._client.get("/readyz")
        return reply.status_code, reply.json


@pytest.fixture
def one_of_several():
    return Process(SharedBus())


def test_one_process_alone_says_nothing_of_others():
    assert Process(LocalBus()).tells() == (200, {"ready": True, "database": "ok"})


def test_one_of_several_says_that_it_hears_the_others(one_of_several):
    assert one_of_several.tells() == (200, {"ready": True, "database": "ok", "redis": "ok"})


def test_one_that_hears_nobody_serves_all_the_same_and_says_so(one_of_several):
    one_of_several.bus.is_well = False
    assert one_of_several.tells() == (200, {"ready": True, "database": "ok", "redis": "away", "degraded": True})

    one_of_several.bus.is_well = True
    assert one_of_several.tells() == (200, {"ready": True, "database": "ok", "redis": "ok"})


def test_without_the_database_and_while_it_stops_nobody_is_sent_to_it(one_of_several):
    one_of_several.bus.is_well = False
    one_of_several.chat.is_away = True
    assert one_of_several.tells() == (503, {"ready": False, "database": "away"})

    one_of_several.drain.begin()
    assert one_of_several.tells() == (503, {"ready": False, "server": "stopping"})
