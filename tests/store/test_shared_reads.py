import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from app.chat.refusals import Unavailable
from app.store.native import THREADED
from app.store.shared_reads import SharedReads
from tests.store.test_group_commit import wait_until


class Shelf:
    """Counts how often it is read; each read waits until it is let."""

    def __init__(self):
        self.begun = 0
        self.may_end = threading.Semaphore(0)

    def read(self):
        self.begun += 1
        number = self.begun
        assert self.may_end.acquire(timeout=10)
        return number


def test_many_who_ask_during_a_read_share_the_next_one():
    shelf, reads = Shelf(), SharedReads(THREADED)

    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(reads.get, "page", shelf.read)
        wait_until(lambda: shelf.begun == 1)
        late = [pool.submit(reads.get, "page", shelf.read) for _ in range(20)]
        wait_until(lambda: "page" in reads._next)
        shelf.may_end.release()
        assert first.result(5) == 1
        wait_until(lambda: shelf.begun == 2)
        shelf.may_end.release(20)

        answers = [each.result(5) for each in late]

    assert min(answers) == 2, "a read that began before the question answered it"
    assert shelf.begun < 6
    assert not reads._running
    assert not reads._next


def test_different_questions_do_not_wait_for_each_other():
    shelf, reads = Shelf(), SharedReads(THREADED)

    with ThreadPoolExecutor(2) as pool:
        stuck = pool.submit(reads.get, "one", shelf.read)
        wait_until(lambda: shelf.begun == 1)
        assert reads.get("two", lambda: "answer") == "answer"
        shelf.may_end.release()
        stuck.result(5)


def test_an_error_reaches_all_who_share_and_nobody_after():
    reads = SharedReads(THREADED)

    def broken():
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        reads.get("page", broken)

    assert reads.get("page", lambda: "back") == "back"


class OutOfTime(BaseException):
    """As a timer ends a request that took too long."""


def test_who_follows_a_reader_that_ran_out_of_time_is_not_left_waiting():
    shelf, is_followed = Shelf(), threading.Event()

    class Wait(Future):
        def result(self, timeout=None):
            if threading.current_thread().name == "impatient":
                assert is_followed.wait(5)
                raise OutOfTime
            is_followed.set()
            return super().result(5)

    reads = SharedReads(SimpleNamespace(result=Wait))

    def ask_impatiently():
        with pytest.raises(OutOfTime):
            reads.get("page", shelf.read)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(reads.get, "page", shelf.read)
        wait_until(lambda: shelf.begun == 1)
        impatient = threading.Thread(target=ask_impatiently, name="impatient")
        impatient.start()
        wait_until(lambda: "page" in reads._next)
        with pytest.raises(Unavailable):
            pool.submit(reads.get, "page", shelf.read).result(10)
        shelf.may_end.release()
        assert first.result(5) == 1
        impatient.join(5)

    assert reads.get("page", lambda: "back") == "back"
