"""Name, address and room: asked for in a small window when one of them is not known."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from clients import address, lobby
from clients.memory import Answers

_USUAL = "http://127.0.0.1:8000"
_FIELDS = ("Your name", "Address", "Room")


def ask(root: tk.Tk, given: Answers, last: Answers) -> Answers | None:
    """Where to go, in full; None when the window was closed. What is given, or was answered before, is not asked.

    refuses  WrongAddress for a wrong one that was given
    """
    if given.address:
        found = address.parse(given.address)
        given = Answers(found.server, given.room or found.room or "", given.name)
    server = given.address or last.address
    room = lobby.room(server, given.room or (last.room if server == last.address else ""))
    known = Answers(server, room, given.name or last.name)
    if known.address and known.room and known.name:
        return known
    return _Questions(root, known).answers()


class _Questions:
    def __init__(self, root: tk.Tk, known: Answers) -> None:
        self._root = root
        self._found: Answers | None = None
        self._done = tk.BooleanVar(root, False)
        root.title("Chatroom")
        root.protocol("WM_DELETE_WINDOW", lambda: self._done.set(True))
        self._frame = ttk.Frame(root, padding=20)
        self._frame.grid()
        self._boxes = [self._box(row, what) for row, what in enumerate(_FIELDS)]
        for box, value in zip(self._boxes, (known.name, known.address or _USUAL, known.room), strict=True):
            box.insert(0, value)
        self._why = ttk.Label(self._frame, foreground="#a40000", wraplength=340)
        self._why.grid(row=len(_FIELDS), column=0, columnspan=2, sticky="w", pady=(4, 0))
        ttk.Button(self._frame, text="Join", command=self._take).grid(
            row=len(_FIELDS) + 1, column=1, sticky="e", pady=(10, 0)
        )
        root.bind("<Return>", lambda event: self._take())
        next((box for box in self._boxes if not box.get()), self._boxes[0]).focus_force()

    def answers(self) -> Answers | None:
        self._root.wait_variable(self._done)
        self._root.unbind("<Return>")
        self._frame.destroy()
        return self._found

    def _box(self, row: int, what: str) -> ttk.Entry:
        ttk.Label(self._frame, text=what).grid(row=row, column=0, sticky="w", padx=(0, 12), pady=4)
        box = ttk.Entry(self._frame, width=36)
        box.grid(row=row, column=1, pady=4)
        return box

    def _take(self) -> None:
        name, typed, room = (box.get().strip() for box in self._boxes)
        try:
            found = address.parse(typed)
            room = lobby.room(found.server, room) or found.room or ""
        except address.WrongAddress as no:
            self._why["text"] = str(no)
            return
        if not name or not room:
            self._why["text"] = "Type a name and a room."
            return
        self._found = Answers(found.server, room, name)
        self._done.set(True)
