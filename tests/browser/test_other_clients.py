"""A page in one room with the other clients."""

import re
from contextlib import ExitStack, closing

from tests.clients.tmux import Tmux
from tests.clients.windows import Desktop, Display
from tests.live import until


def test_browser_terminal_and_desktop_read_the_same_order(person, house, tmp_path):
    def numbers(text):
        return re.findall(r"line (\d)\b", text)

    with ExitStack() as stack:
        words = (house.server.url, "--room", house.room, "--name")
        page = person("Bea").enters(house.room)
        terminal = stack.enter_context(closing(Tmux(tmp_path / "terminal", *words, "Tom")))
        display = stack.enter_context(closing(Display()))
        window = stack.enter_context(closing(Desktop(display, tmp_path / "window", *words, "Dora")))
        terminal.waits_for("3 here", "Dora")
        window.waits_for("3 here", "Tom", "Connected")

        for n in range(0, 9, 3):
            page.says(f"line {n}")
            terminal.types(f"line {n + 1}")
            window.types(f"line {n + 2}")

        reader = house.guest("Eve")
        reader.joins()
        truth = until(lambda: len(found := reader.reads()["messages"]) == 9 and found, 10, "nine lines")
        order = numbers(" ".join(message["body"] for message in truth))
        until(lambda: numbers(terminal.shows()) == order, 10, "the order in the terminal")
        until(lambda: numbers(window.shows()) == order, 10, "the order in the window")
        until(lambda: numbers(" ".join(page.bodies().all_text_contents())) == order, 10, "the order on the page")
