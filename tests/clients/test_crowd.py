"""A room that counts its people instead of listing them, and that takes only so many lines."""

import pytest


@pytest.fixture(scope="module")
def server_settings():
    return {"CHAT_MEMBERS_LISTED": "2", "CHAT_MESSAGES_PER_10S": "40"}


def test_the_people_of_a_crowd_are_read_page_by_page(watcher):
    first = watcher("Ann").is_in()
    for name in ("Ben", "Cleo", "Dora"):
        watcher(name, first.room).is_in()

    first.sees_people("Ann", "Ben", "Cleo", "Dora")


def test_more_lines_than_the_pace_allows_are_all_sent_in_order_in_time(watcher):
    ann = watcher("Ann").is_in()
    lines = [f"line {n}" for n in range(50)]

    for line in lines:
        ann.client.say(ann.room, line)

    ann.sees(*lines)
