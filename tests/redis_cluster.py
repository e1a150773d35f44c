"""A Redis Cluster of a test's own, on free ports of the loopback."""

from __future__ import annotations

from redis.crc import key_slot

from tests.live import free_port, until
from tests.redis_server import RedisServer

SLOTS = 16384


class RedisClusterServers:
    """`primaries` share the slots in order; each of `replicas` follows the primary of its number."""

    def __init__(self, primaries: int = 3, replicas: int = 0) -> None:
        self._bus_port = free_port()
        self.nodes = [
            RedisServer(
                "--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
                "--cluster-port", str(free_port() if number else self._bus_port),
            )
            for number in range(primaries + replicas)
        ]  # fmt: skip
        self.primaries, self.replicas = self.nodes[:primaries], self.nodes[primaries:]
        self.url = self.nodes[0].url

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        bounds = [SLOTS * number // len(self.primaries) for number in range(len(self.primaries) + 1)]
        for node, first, end in zip(self.primaries, bounds, bounds[1:], strict=False):
            assert node.asks("CLUSTER", "ADDSLOTSRANGE", str(first), str(end - 1)) == "+OK"
        for node in self.nodes[1:]:
            assert node.asks("CLUSTER", "MEET", "127.0.0.1", str(self.nodes[0].port), str(self._bus_port)) == "+OK"
        self.until_whole()
        for node, primary in zip(self.replicas, self.primaries, strict=False):
            id_ = self.id_of(primary)
            until(lambda node=node, id_=id_: node.asks("CLUSTER", "REPLICATE", id_) == "+OK", 10)
            node.until_says("INFO", "replication", line="master_link_status:up")

    def until_whole(self) -> None:
        for node in self.nodes:
            if node.is_running:
                node.until_says("CLUSTER", "INFO", line="cluster_state:ok")

    def owner(self, key: str) -> RedisServer:
        """The one among `primaries` that had it at the start."""
        return self.primaries[key_slot(key.encode()) * len(self.primaries) // SLOTS]

    def moves(self, key: str, to: RedisServer) -> None:
        """An empty slot to another server."""
        for node in (to, *self.primaries):
            assert node.asks("CLUSTER", "SETSLOT", str(key_slot(key.encode())), "NODE", self.id_of(to)) == "+OK"

    @staticmethod
    def id_of(node: RedisServer) -> str:
        return node.text("CLUSTER", "MYID")

    def flushes(self) -> None:
        for node in self.primaries:
            node.flushes()

    def close(self) -> None:
        for node in self.nodes:
            node.close()
