"""The yardstick works: a benchmark against something broken would flatter us."""

import queue
import subprocess
import sys

import socketio

from tests.live import ROOT, Visitor, free_port, until


def test_two_people_talk_on_the_plain_server():
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "bench/plain.py", "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    clients = [socketio.Client(reconnection=False, handle_sigint=False) for _ in range(2)]
    heard = [queue.Queue(), queue.Queue()]
    try:
        until(lambda: is_up(port), 15, "the plain server")
        for client, queue_, name in zip(clients, heard, ("Ann", "Ben"), strict=True):
            client.on("message", queue_.put)
            client.connect(f"http://127.0.0.1:{port}", transports=["websocket"], wait_timeout=5)
            members = client.call("join", {"room": "tea", "name": name}, timeout=5)["members"]

        assert members == ["Ann", "Ben"]
        clients[0].call("message", {"room": "tea", "body": "hello"}, timeout=5)
        assert [each.get(timeout=5) for each in heard] == [{"name": "Ann", "body": "hello"}] * 2
    finally:
        for client in clients:
            client.shutdown()
        process.terminate()
        process.wait(10)


def is_up(port):
    try:
        return Visitor(port).get("/healthz").status == 200
    except OSError:
        return False
