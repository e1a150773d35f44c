"""The listener, looked at from inside a process of its own: eventlet stays out of this one."""

import json
import subprocess
import sys

from tests.live import ROOT

PROGRAM = """
import json, socket
from app.transport import runner
listener = runner.listen("127.0.0.1", 0)
near = socket.create_connection(listener.getsockname(), timeout=5)
accepted, _ = listener.accept()
print(json.dumps(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
"""


def test_an_accepted_socket_sends_small_frames_at_once():
    """With Nagle's algorithm a frame waits up to 40 ms for the answer to the one before."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)

    assert json.loads(done.stdout) != 0
