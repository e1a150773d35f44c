"""The lines of the room in a Tk text. What did not change is not drawn again."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from itertools import takewhile
from tkinter import ttk

from clients.lines import Line

# Dark enough to be read on white: at least 4.5 : 1.
_COLOURS = ("#1f5fa8", "#7a3e9d", "#9c3d00", "#00695c", "#a01550", "#4a5b00", "#5d4037", "#37474f")


class Timeline(ttk.Frame):
    """Stays at the end while it is there. `wants_older()` is called when the first line comes into sight."""

    def __init__(self, parent: tk.Misc, wants_older: Callable[[], None]) -> None:
        super().__init__(parent)
        self._wants_older = wants_older
        self._lines: list[Line] = []
        self._text = tk.Text(
            self,
            wrap="word",
            state="disabled",
            relief="flat",
            padx=12,
            pady=8,
            spacing1=3,
            font="TkDefaultFont",
            cursor="arrow",
        )
        bar = ttk.Scrollbar(self, command=self._text.yview)
        self._text.configure(yscrollcommand=lambda first, last: self._scrolled(bar, first, last))
        bar.pack(side="right", fill="y")
        self._text.pack(side="left", fill="both", expand=True)
        indent = {"lmargin2": 56}
        for name, look in {
            "time": {"foreground": "#767676"},
            "text": indent,
            "action": {**indent, "font": _font("italic")},
            "notice": {**indent, "font": _font("bold"), "background": "#fff3c4"},
            "day": {"justify": "center", "foreground": "#767676", "spacing1": 10},
            "system": {"lmargin1": 56, "lmargin2": 56, "foreground": "#767676", "font": _font("italic")},
            "new": {"justify": "center", "foreground": "#a40000"},
            "waiting": {**indent, "foreground": "#767676"},
            "refused": {**indent, "foreground": "#767676", "overstrike": True},
            "why": {"foreground": "#a40000"},
        }.items():
            self._text.tag_configure(name, **look)  # type: ignore[arg-type]

    @property
    def is_at_end(self) -> bool:
        return bool(self._text.yview()[1] > 0.999)

    def show(self, lines: list[Line], *, at_end: bool = False) -> None:
        """Draw these lines. Reading further up, the line under the eye stays."""
        if lines == self._lines:
            return
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self._lines, lines, strict=False)))
        stays = at_end or self.is_at_end
        below = len(self._text.get("@0,0", "end"))
        self._text.configure(state="normal")
        if same < len(self._lines):
            self._text.delete(f"line{same}", "end-1c")
        for number, line in enumerate(lines[same:], same):
            self._draw(f"line{number}", line)
        self._text.configure(state="disabled")
        was_first, self._lines = self._lines[:1], lines
        if stays:
            self._text.see("end")
        elif was_first and lines[:1] != was_first:
            self._text.yview(f"end - {below} chars")

    def page(self, way: int) -> None:
        """One page up (-1) or down (1)."""
        self._text.yview_scroll(way, "pages")

    def _draw(self, mark: str, line: Line) -> None:
        text = self._text
        text.mark_set(mark, "end-1c")
        text.mark_gravity(mark, "left")
        if line.kind in ("day", "system", "new"):
            text.insert("end", line.body + "\n", line.kind)
            return
        text.insert("end", f"{line.time}  ", ("text", "time"))
        text.insert("end", line.author, (line.kind, self._name_tag(line.author_id)))
        text.insert("end", (" " if line.kind == "action" else "  ") + line.body, line.kind)
        if line.note:
            text.insert("end", f"  {line.note}", ("text", "why" if line.kind == "refused" else "time"))
        text.insert("end", "\n", line.kind)

    def _name_tag(self, member: str) -> str:
        colour = _COLOURS[sum(map(ord, member)) % len(_COLOURS)]
        self._text.tag_configure(colour, foreground=colour, font=_font("bold"))
        return colour

    def _scrolled(self, bar: ttk.Scrollbar, first: float, last: float) -> None:
        bar.set(first, last)
        if float(first) == 0.0 and self._lines and float(last) < 1.0:
            self._wants_older()


def _font(look: str) -> tuple[str, int, str]:
    return ("TkDefaultFont", 10, look)
