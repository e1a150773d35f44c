"""Redis as a cluster between three processes: the server of a room dies, then the replica that took its place."""

from __future__ import annotations

from pathlib import Path

from tests.faults.trouble import Trouble, endure
from tests.faults.wide import WideStage
from tests.redis_cluster import RedisClusterServers

ROOM = "chat:{room-0}:room"


class ClusterStage(WideStage):
    def __init__(self, name: str, seed: int, folder: Path, *, is_long: bool) -> None:
        super().__init__(name, seed, folder, is_long=is_long)
        self.redis = RedisClusterServers(primaries=3, replicas=3)


STAGE = ClusterStage


async def run(stage: ClusterStage) -> None:
    """10 s after each death; whoever died comes back as a replica."""
    await stage.start()
    redis = stage.redis
    first = redis.owner(ROOM)
    second = redis.replicas[redis.primaries.index(first)]
    seconds = stage.choose(6.0, 10.0)

    def comes_back() -> None:
        first.start()
        first.until_says("INFO", "replication", line="master_link_status:up")

    await endure(
        stage,
        Trouble(first.stop, comes_back, seconds, "its server died", refuses=False, acks=True),
        Trouble(second.stop, second.start, seconds, "the next one died", refuses=False, acks=True),
    )
    in_the_end = first.text("INFO", "replication").splitlines()
    stage.report.hold("whoever died first serves again", int("role:master" in in_the_end), at_least=1)
