"""The desktop client on a display of its own: xdotool types, and what the window shows is written to a file."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.live import ROOT, until
from tests.needs import need_program, need_tk

# The program as it is, which tells at every beat what stands in its texts and lists.
_TELLING = """
import os, sys, tkinter
from clients.desktop.__main__ import main
run = tkinter.Misc.mainloop
def shown(widget):
    if isinstance(widget, tkinter.Text): yield widget.get('1.0', 'end')
    if isinstance(widget, tkinter.Listbox): yield '\\n'.join(widget.get(0, 'end'))
    if 'text' in widget.keys(): yield str(widget['text'])
    for child in widget.winfo_children(): yield from shown(child)
def tell(root, n=0):
    def beat():
        with open('%(file)s.new', 'w') as file: file.write('\\n'.join([root.title(), *shown(root)]))
        os.replace('%(file)s.new', '%(file)s')
        root.after(50, beat)
    root.after(50, beat)
def mainloop(self, n=0):
    tell(self)
    run(self, n)
waits = tkinter.Misc.wait_variable
def wait_variable(self, name):
    tell(self)
    waits(self, name)
tkinter.Misc.mainloop, tkinter.Misc.wait_variable = mainloop, wait_variable
sys.exit(main(sys.argv[1:]))
"""


class Display:
    """An X server without a screen."""

    def __init__(self) -> None:
        command = [str(need_program("Xvfb")), "-displayfd", "1", "-screen", "0", "1000x700x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._server.stdout
        self.name = f":{self._server.stdout.readline().strip()}"

    def close(self) -> None:
        with self._server:
            self._server.terminate()


class Desktop:
    """One window. Only one at a time is typed into."""

    def __init__(self, display: Display, home: Path, *words: str) -> None:
        home.mkdir(exist_ok=True)
        found = need_tk()
        self._file = home / "shown"
        self._file.unlink(missing_ok=True)
        self._xdotool = str(need_program("xdotool"))
        self._settings = {**os.environ, **found, "DISPLAY": display.name, "CHATROOM_FOLDER": str(home)}
        program = _TELLING % {"file": self._file}
        command = [found["python"], "-c", program, *words]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._settings, stderr=subprocess.PIPE, text=True)

    def types(self, text: str, key: str = "Return") -> None:
        subprocess.run([self._xdotool, "type", "--delay", "2", "--", text], env=self._settings, check=True)
        self.presses(key)

    def presses(self, key: str) -> None:
        subprocess.run([self._xdotool, "key", key], env=self._settings, check=True)

    def shows(self) -> str:
        """The title, then everything that stands in the window."""
        return self._file.read_text(encoding="utf-8") if self._file.exists() else ""

    def waits_for(self, *texts: str) -> str:
        try:
            until(lambda: all(text in self.shows() for text in texts), 20, str(texts))
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.shows()}") from None
        return self.shows()

    def close(self) -> None:
        with self.process:
            self.process.kill()
