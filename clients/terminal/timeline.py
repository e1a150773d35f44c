"""The lines of one room, scrolled. What changed is drawn; what did not stays where it is."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from clients.lines import Line

_COLOURS = ("cyan", "green", "magenta", "blue", "yellow", "red")


class Timeline(VerticalScroll):
    """Stays at the end while it is there. `wants_older()` is called when somebody scrolls to the first line."""

    can_focus = True

    def __init__(self, room: str, wants_older: Callable[[], None]) -> None:
        super().__init__()
        self.room = room
        self._wants_older = wants_older
        self._lines: list[Line] = []
        self._widgets: dict[str, Static] = {}

    def on_mount(self) -> None:
        self.anchor()

    @property
    def is_at_end(self) -> bool:
        return self.scroll_y >= self.max_scroll_y - 1

    async def show(self, lines: list[Line]) -> None:
        """Draw these lines and no other. Reading further up, the line under the eye stays."""
        first = self._lines[0].key if self._lines else ""
        was_at_end, height = self.is_at_end, self.virtual_size.height
        known = {line.key: line for line in self._lines}
        wanted = {line.key for line in lines}
        async with self.batch():
            for key in known.keys() - wanted:
                self._widgets.pop(key).remove()
            await self._place(lines, known)
        self._lines = lines
        is_longer_above = bool(first and lines and lines[0].key != first and first in wanted)
        if is_longer_above and not was_at_end:
            self.call_after_refresh(self._keep_place, height)

    async def _place(self, lines: list[Line], known: dict[str, Line]) -> None:
        fresh: list[Static] = []
        after: Static | None = None
        for line in lines:
            if line.key in self._widgets:
                after = await self._mount_run(fresh, after)
                widget = self._widgets[line.key]
                if known.get(line.key) != line:
                    widget.update(drawn(line))
                after = widget
            else:
                widget = self._widgets[line.key] = Static(drawn(line), classes=f"line--{line.kind}", markup=False)
                fresh.append(widget)
        await self._mount_run(fresh, after)

    async def _mount_run(self, fresh: list[Static], after: Static | None) -> Static | None:
        if not fresh:
            return after
        if after is not None:
            await self.mount(*fresh, after=after)
        elif self.children:
            await self.mount(*fresh, before=0)
        else:
            await self.mount(*fresh)
        last = fresh[-1]
        fresh.clear()
        return last

    def _keep_place(self, height: int) -> None:
        self.scroll_to(y=self.scroll_y + self.virtual_size.height - height, animate=False, force=True)

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if new < 1 and new < old:
            self._wants_older()


def drawn(line: Line) -> RenderableType:
    """A line as it looks. Its text is text: nothing in it is read as markup. What wraps stays behind the time."""
    if line.kind == "day":
        return Text(f"── {line.body} ──", "dim")
    if line.kind == "new":
        return Text("── new ──", "bold red")
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=5, style="dim", no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(line.time, _said(line))
    return row


def _said(line: Line) -> Text:
    name = Text(line.author, f"bold {colour(line.author_id)}")
    match line.kind:
        case "system":
            return Text(line.body, "dim italic")
        case "action":
            return Text.assemble("* ", name, " ", (line.body, "italic"))
        case "notice":
            return Text.assemble((f" {line.author} ", "bold reverse"), " ", (line.body, "bold"))
        case "waiting":
            return Text.assemble(name, " ", (line.body, "dim"), ("  … " + line.note, "dim italic"))
        case "refused":
            return Text.assemble(name, " ", (line.body, "dim strike"), ("  ✗ " + line.note, "red"))
    return Text.assemble(name, " ", line.body)


def colour(member: str) -> str:
    """Stable for one person, and one of those that a terminal shows well on dark and on light."""
    return _COLOURS[sum(map(ord, member)) % len(_COLOURS)]
