"""A Redis that answers, but does not serve, is away like one that is stopped."""

import socketserver
import threading

import pytest

from app.chat.refusals import Unavailable
from app.redis import ears
from app.redis.ledger import RedisLedger
from app.redis.link import RedisLink, TooOld
from tests.live import until
from tests.redis_server import RedisServer


@pytest.fixture
def redis_server():
    server = RedisServer()
    server.start()
    yield server
    server.close()


def cannot_save(server):
    assert server.asks("CONFIG", "SET", "save", "3600 1") == "+OK"
    server.loses_its_disk()
    server.asks("BGSAVE")
    server.until_asked("SET", "one", "1", is_fit=lambda answer: answer.startswith("-MISCONF"))


def can_save(server):
    assert server.asks("CONFIG", "SET", "save", "") == "+OK"


def lacks_replicas(server):
    assert server.asks("CONFIG", "SET", "min-replicas-to-write", "1") == "+OK"


def needs_none(server):
    assert server.asks("CONFIG", "SET", "min-replicas-to-write", "0") == "+OK"


def lost_its_master(server):
    assert server.asks("CONFIG", "SET", "replica-serve-stale-data", "no") == "+OK"
    assert server.asks("REPLICAOF", "127.0.0.1", "1") == "+OK"


def is_master(server):
    assert server.asks("REPLICAOF", "NO", "ONE") == "+OK"


TROUBLE = {
    "MISCONF": (cannot_save, can_save),
    "NOREPLICAS": (lacks_replicas, needs_none),
    "MASTERDOWN": (lost_its_master, is_master),
}


@pytest.mark.parametrize("code", TROUBLE)
def test_a_server_that_refuses_to_serve_is_away_and_comes_back(redis_server, code):
    begin, end = TROUBLE[code]
    link = RedisLink(redis_server.url)
    begin(redis_server)

    for ask in (lambda client: client.set("one", 1), lambda client: client.eval("redis.call('SET', 'one', 1)", 0)):
        link.is_well = True
        with pytest.raises(Unavailable):
            link.ask(ask)
        assert not link.is_well
    link.is_well = True
    with pytest.raises(Unavailable):
        RedisLedger(link).add([("message:ann", 5.0)], 1.0)

    end(redis_server)
    until(lambda: link.check() and link.ask(lambda client: client.set("one", 1)), what="Redis")


def test_ears_hear_again_after_a_server_that_cannot_save_refused_their_ping(redis_server, monkeypatch):
    monkeypatch.setattr(ears, "PING_EVERY_S", 0.05)
    heard = []
    listener = ears.Ears(RedisLink(redis_server.url), lambda channel, data: heard.append(data), "everybody")
    listener.start()
    until(lambda: listener.is_well, what="the ears")
    cannot_save(redis_server)
    until(lambda: not listener.is_well, what="a refused ping")
    can_save(redis_server)

    until(lambda: redis_server.asks("SPUBLISH", "everybody", "again") and b"again" in heard, what="the ears again")


def test_who_may_not_ask_whether_it_is_a_cluster_starts_all_the_same(redis_server):
    assert redis_server.asks("ACL", "SETUSER", "chat", "on", ">word", "~*", "&*", "+@all", "-@dangerous") == "+OK"

    link = RedisLink(redis_server.url.replace("://", "://chat:word@"))
    link.meet()

    assert link.check()


class Old(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            self.wfile.write(b"%3\r\n+version\r\n+6.2.14\r\n+proto\r\n:3\r\n+mode\r\n+standalone\r\n")


def test_a_redis_without_channels_of_a_cluster_is_too_old():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Old) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with pytest.raises(TooOld):
                RedisLink(f"redis://127.0.0.1:{server.server_address[1]}").meet()
        finally:
            server.shutdown()
