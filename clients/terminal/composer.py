"""Where somebody writes: Enter sends, Ctrl+J breaks the line, Tab completes, Up brings back what was written last."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from clients import commands


class Composer(TextArea):
    """`names` are completed."""

    class Sent(Message):
        def __init__(self, typed: str) -> None:
            super().__init__()
            self.typed = typed

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False)
        self.names: list[str] = []
        self._last = ""

    async def _on_key(self, event: events.Key) -> None:
        # Not as bindings: those of the program are obeyed before the letters typed ahead of them have arrived.
        match event.key:
            case "enter":
                self._send()
            case "ctrl+j" | "shift+enter":
                self.insert("\n")
            case "tab":
                self._complete()
            case "up" if not self.text:
                self.write(self._last)
            case _:
                await super()._on_key(event)
                return
        event.stop()
        event.prevent_default()

    def write(self, text: str) -> None:
        """This text, and the cursor behind it."""
        self.text = text
        self.move_cursor(self.document.end)

    def _send(self) -> None:
        if self.text.strip():
            self._last = self.text
            self.post_message(self.Sent(self.text))
        self.text = ""

    def _complete(self) -> None:
        if (whole := commands.complete(self.text, self.names)) is not None:
            self.write(whole)
