"""The official socket.io-client, in node, speaks with us."""

import json
import subprocess
from pathlib import Path

from tests.needs import need_node, need_node_modules

SCRIPT = Path(__file__).with_name("node_client.mjs")


def test_the_official_client_joins_and_talks(house):
    need_node_modules()
    ann = house.member("Ann")

    done = subprocess.run(
        [need_node(), SCRIPT, house.server.url, house.room], capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["ready"]["v"] == 1
    assert said["joined"]["count"] == 2
    assert said["sent"]["message"]["body"] == said["posted"]["body"] == "hello from node"
    assert said["posted"]["client_id"] == "a" * 32
    assert said["refused"]["error"]["code"] == "body_empty"
    assert ann.waits_for("message:posted")["author"]["name"] == "Nodea"
