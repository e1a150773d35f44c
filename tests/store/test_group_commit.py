import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.chat.refusals import Unavailable
from app.store import group_commit
from app.store.group_commit import MOST_WAITING, GroupCommit
from app.store.native import THREADED


class Disk:
    """Commits when it is let."""

    def __init__(self):
        self.batches = []
        self.may_commit = threading.Event()
        self.is_busy = threading.Event()

    def commit(self, drafts):
        self.is_busy.set()
        assert self.may_commit.wait(10)
        self.batches.append(drafts)
        return [(draft, True) for draft in drafts]


def wait_until(condition):
    deadline = threading.Event()
    for _ in range(1000):
        if condition():
            return
        deadline.wait(0.005)
    raise AssertionError("it never came true")


def test_what_waits_while_the_disk_is_busy_goes_in_one_commit_in_order():
    disk = Disk()
    commits = GroupCommit(disk.commit, THREADED)

    with ThreadPoolExecutor(11) as pool:
        first = pool.submit(commits.append, "first")
        assert disk.is_busy.wait(5)
        rest = []
        for number in range(10):
            rest.append(pool.submit(commits.append, number))
            wait_until(lambda number=number: len(commits._waiting) == number + 1)
        disk.may_commit.set()
        assert first.result(5) == ("first", True)
        assert [each.result(5) for each in rest] == [(number, True) for number in range(10)]

    assert disk.batches == [["first"], list(range(10))]
    commits.close()


def test_closing_finishes_what_waits():
    disk = Disk()
    commits = GroupCommit(disk.commit, THREADED)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(commits.append, "first")
        assert disk.is_busy.wait(5)
        second = pool.submit(commits.append, "second")
        wait_until(lambda: len(commits._waiting) == 1)
        closing = pool.submit(commits.close)
        disk.may_commit.set()
        closing.result(5)

    assert first.result(0)
    assert second.result(0)


def test_together_again_are_those_who_came_together():
    disk = Disk()
    commits = GroupCommit(disk.commit, THREADED)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(commits.append, "first")
        assert disk.is_busy.wait(5)
        two = [pool.submit(commits.append, number) for number in range(2)]
        wait_until(lambda: len(commits._waiting) == 2)
        disk.may_commit.set()
        assert all(each.result(5) for each in (first, *two))

        # Two came last time: one alone is given a moment, and no more than that.
        assert pool.submit(commits.append, "alone").result(5) == ("alone", True)

    assert disk.batches[-1] == ["alone"]
    commits.close()


def test_whoever_waits_is_answered_before_anything_is_tidied():
    disk, is_tidying, may_go_on = Disk(), threading.Event(), threading.Event()
    disk.may_commit.set()

    def tidy():
        is_tidying.set()
        assert may_go_on.wait(10)

    commits = GroupCommit(disk.commit, THREADED, tidy)
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(commits.append, "first").result(5)
        assert is_tidying.wait(5)
        second = pool.submit(commits.append, "second")
        wait_until(lambda: len(commits._waiting) == 1)

        assert disk.batches == [["first"]]
        may_go_on.set()
        assert second.result(5)
    commits.close()


def test_nobody_waits_long_for_a_crowd_that_has_gone():
    assert group_commit.patience_s(1) < group_commit.patience_s(30) < group_commit.LONGEST_S
    assert group_commit.patience_s(group_commit.MOST_AT_ONCE) == group_commit.LONGEST_S


def test_a_bell_that_rings_for_nobody_changes_nothing():
    disk = Disk()
    disk.may_commit.set()
    commits = GroupCommit(disk.commit, THREADED)

    for number in range(3):
        commits._bell.set()
        wait_until(lambda: not commits._bell.is_set())
        threading.Thread(target=commits.append, args=(number,), daemon=True).start()
        wait_until(lambda number=number: disk.batches[number:] == [[number]])

    commits.close()


def test_too_many_waiting_are_refused_at_once():
    disk = Disk()
    commits = GroupCommit(disk.commit, THREADED)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(commits.append, "first")
        assert disk.is_busy.wait(5)
        commits._waiting.extend((number, _Nobody()) for number in range(MOST_WAITING))

        with pytest.raises(Unavailable) as refusal:
            commits.append("one too many")

        assert refusal.value.retry_after_ms > 0
        disk.may_commit.set()
    commits.close()


class _Nobody:
    """A waiter that does not care."""

    def set_result(self, result): ...

    def set_exception(self, error): ...
