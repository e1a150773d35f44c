import threading

import pytest

from app.chat.refusals import Unavailable
from app.web.draining import Drain


def test_what_has_begun_is_waited_for_and_what_comes_now_is_refused():
    drain = Drain()
    with drain:
        drain.begin()

        assert not drain.wait(0.05)
        with pytest.raises(Unavailable) as refusal, drain:
            pass

    assert drain.wait(0)
    assert refusal.value.retry_after_ms > 0
    assert "restarting" in refusal.value.detail


def test_an_error_inside_counts_as_an_end():
    drain = Drain()
    with pytest.raises(ZeroDivisionError), drain:
        _ = 1 / 0

    assert drain.wait(0)


def test_the_wait_ends_when_the_last_one_is_done():
    drain = Drain()
    may_end = threading.Event()

    def work():
        with drain:
            may_end.wait(5)

    thread = threading.Thread(target=work)
    thread.start()
    drain.begin()
    threading.Timer(0.05, may_end.set).start()

    assert drain.wait(5)
    thread.join()
