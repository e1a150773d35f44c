"""The chat as the Flask-SocketIO tutorials write it, on eventlet: the yardstick our figures are compared with.

python bench/plain.py --port 8001; with --queue REDIS_URL it is one of several processes.
Events: join {room, name}, message {room, body}, leave {room}; each gets an ack.
Kept as the tutorials have it, with all they leave out: names, limits, history, and anything on disk.
"""

import argparse

import eventlet

eventlet.monkey_patch()

from flask import Flask, request, session  # noqa: E402
from flask_socketio import SocketIO, emit, join_room, leave_room  # noqa: E402

app = Flask(__name__)
app.config["SECRET_KEY"] = "plain"
parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8001)
parser.add_argument("--queue", default="")
words = parser.parse_args()
socketio = SocketIO(app, async_mode="eventlet", cors_allowed_origins="*", message_queue=words.queue or None)
rooms: dict[str, dict[str, str]] = {}


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@socketio.on("join")
def on_join(data):
    session["name"] = data["name"]
    join_room(data["room"])
    rooms.setdefault(data["room"], {})[request.sid] = data["name"]
    emit("status", {"text": f"{data['name']} has entered the room."}, to=data["room"])
    return {"members": list(rooms[data["room"]].values())}


@socketio.on("message")
def on_message(data):
    emit("message", {"name": session["name"], "body": data["body"]}, to=data["room"])
    return {"ok": True}


@socketio.on("leave")
def on_leave(data):
    leave_room(data["room"])
    rooms[data["room"]].pop(request.sid, None)
    emit("status", {"text": f"{session['name']} has left the room."}, to=data["room"])
    return {"ok": True}


@socketio.on("disconnect")
def on_disconnect(reason):
    for members in rooms.values():
        members.pop(request.sid, None)


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=words.port)
