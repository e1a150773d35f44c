"""Two browsers through nginx, before two processes: what people do in a room works wherever each has come to.

All other tests of the page run like this with CHAT_TEST_WIDE=1.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.person import WITHIN_MS, Person
from tests.wide_server import WideServer


@pytest.fixture
def wide(tmp_path):
    server = WideServer(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.end()


def test_people_meet_talk_rename_and_come_back(browser, wide):
    ann, ben = (Person(browser, wide, name).enters("tea") for name in ("Ann", "Ben"))
    try:
        for number in range(6):
            speaker = (ann, ben)[number % 2]
            speaker.says(f"line {number}")
            for each in (ann, ben):
                expect(each.message(f"line {number}")).to_be_visible(timeout=WITHIN_MS)
        ben.renames("Benno")
        expect(ann.page.locator(".person", has_text="Benno")).to_be_visible(timeout=WITHIN_MS)
        wide.restart()
        ann.says("still here")
        expect(ben.message("still here")).to_be_visible(timeout=3 * WITHIN_MS)
        ben.page.reload()
        ben.is_in()
        assert ben.bodies().all_inner_texts() == [*(f"line {number}" for number in range(6)), "still here"]
        assert ann.complaints + ben.complaints == []
    finally:
        for each in (ann, ben):
            each.context.close()
