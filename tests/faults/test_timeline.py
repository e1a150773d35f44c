"""The page of the harness keeps the cursor rules: else its figures would say nothing."""

from tests.faults.timeline import Timeline


def message(number):
    return {"room": "tea", "id": number, "seq": number, "body": f"line {number}"}


def page_of(*numbers, head=0, **more):
    return {"messages": [message(number) for number in numbers], "head": head or max(numbers, default=0), **more}


def joined(*numbers, head=0, epoch="e1", complete=True, reset=False):
    return page_of(*numbers, head=head, epoch=epoch, complete=complete, reset=reset)


class Page:
    """A timeline and the numbers it showed, in the order of showing."""

    def __init__(self, *numbers, **more):
        self.shown = []
        self.timeline = Timeline(lambda message: self.shown.append(message["id"]))
        self.timeline.joined(joined(*numbers, **more))


def test_the_next_number_is_shown_an_old_one_dropped():
    page = Page(1, 2)

    for number in (3, 3, 2):
        page.timeline.pushed(message(number))

    assert page.shown == [1, 2, 3]
    assert page.timeline.joining() == {"epoch": "e1", "seq": 3}


def test_a_later_number_is_held_until_the_missing_ones_are_fetched():
    page = Page(1)

    page.timeline.pushed(message(4))
    assert page.timeline.lacks_changes
    assert page.shown == [1]
    page.timeline.changed(page_of(2, 3, head=3, more=False))

    assert page.shown == [1, 2, 3, 4]
    assert not page.timeline.lacks_changes


def test_a_head_beyond_mine_is_a_gap_unless_it_is_of_another_log():
    page = Page(1)

    page.timeline.told_head("e2", 9)
    assert not page.timeline.lacks_changes
    page.timeline.told_head("e1", 2)

    assert page.timeline.lacks_changes


def test_pushes_that_overtake_the_snapshot_wait_for_it():
    page = Page()
    page.timeline.joining()

    page.timeline.pushed(message(6))
    page.timeline.joined(joined(*range(1, 6)))

    assert page.shown == [1, 2, 3, 4, 5, 6]


def test_older_pages_are_fetched_until_the_gap_is_closed():
    page = Page(1, 2)
    page.timeline.joining()

    page.timeline.joined(joined(9, 10, complete=False))
    assert page.timeline.gaps == [(2, 9)]
    page.timeline.older((2, 9), page_of(6, 7, 8, more=True))
    page.timeline.older((2, 6), page_of(3, 4, 5, more=True))

    assert page.timeline.gaps == []
    assert sorted(page.timeline.lines) == list(range(1, 11))


def test_who_joined_an_empty_room_and_comes_back_to_a_full_one_asks_for_what_is_before_the_page():
    page = Page()
    page.timeline.joining()

    page.timeline.joined(joined(9, 10))

    assert page.timeline.gaps == [(0, 9)]


def test_another_log_begins_anew():
    page = Page(1, 2, 3)
    page.timeline.joining()

    page.timeline.joined(joined(1, epoch="e2", reset=True))

    assert sorted(page.timeline.lines) == [1]
    assert page.timeline.joining() == {"epoch": "e2", "seq": 1}
