"""A real terminal: tmux runs the program, types into it and tells what stands on the screen."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.live import ROOT, until
from tests.needs import need_program


class Tmux:
    """A terminal of 80 columns and 24 rows with a tmux server of its own. `module` runs in it, so set."""

    def __init__(self, home: Path, *words: str, module: str = "clients.terminal", **settings: str) -> None:
        self._tmux = [str(need_program("tmux")), "-L", f"chatroom-{os.getpid()}-{id(self)}", "-f", "/dev/null"]
        program = shlex.join([sys.executable, "-m", module, *words])
        known = os.environ | settings
        own = {"CHATROOM_FOLDER": str(home), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        at = ["-x", "80", "-y", "24"]
        # Set by whoever starts the tests, they would hold the size that they name.
        ends = f"unset LINES COLUMNS; {program}; echo ended with $?; read line"
        subprocess.run([*self._tmux, "new-session", "-d", *at, ends], cwd=ROOT, env=known | own, check=True)

    def types(self, text: str, *keys: str) -> None:
        """`text` as it is, then the keys by their names: Enter unless others are given."""
        self._do("send-keys", "-l", "--", text)
        self.presses(*(keys or ("Enter",)))

    def presses(self, *keys: str) -> None:
        self._do("send-keys", *keys)

    def resizes(self, columns: int, rows: int) -> None:
        self._do("resize-window", "-x", str(columns), "-y", str(rows))

    def shows(self, *how: str) -> str:
        """The screen; with "-e", colours and all."""
        return self._do("capture-pane", "-p", *how)

    def waits_for(self, *texts: str) -> str:
        """The screen, once all of these stand on it."""
        try:
            until(lambda: all(text in self.shows() for text in texts), 20, str(texts))
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.shows()}") from None
        return self.shows()

    def waits_until_gone(self, text: str) -> str:
        until(lambda: text not in self.shows(), 20, f"an end of {text}")
        return self.shows()

    def kills(self) -> None:
        """As kill -9 does: the program has no moment left."""
        panes = self._do("list-panes", "-F", "#{pane_pid}").split()
        subprocess.run(["pkill", "-KILL", "-P", panes[0]], check=True)

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True)

    def _do(self, *words: str) -> str:
        return subprocess.run(
            [*self._tmux, *words], capture_output=True, text=True, check=True, encoding="utf-8"
        ).stdout
