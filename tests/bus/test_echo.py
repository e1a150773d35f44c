from app.bus.echo import KEPT, Echo


def test_the_lag_is_how_long_the_last_call_was_away(clock):
    echo = Echo(clock)
    word = echo.call()
    clock.now += 0.25
    echo.heard(word)
    clock.now += 10

    assert echo.lag_s == 0.25


def test_while_nothing_comes_back_the_lag_grows(clock):
    echo = Echo(clock)
    for _ in range(2 * KEPT):
        echo.call()
        clock.now += 1

    assert echo.lag_s == 2 * KEPT


def test_what_was_lost_on_the_way_is_waited_for_no_longer_once_a_later_call_is_back(clock):
    echo = Echo(clock)
    echo.call()
    clock.now += 5
    later = echo.call()
    clock.now += 0.125
    echo.heard(later)

    assert echo.lag_s == 0.125


def test_what_others_say_means_nothing(clock):
    echo = Echo(clock)
    word = echo.call()
    clock.now += 1
    for said in (b"", b"x" * 16, b"x" * 100_000, word[:-1], word + b"x"):
        echo.heard(said)
    echo.heard(word)
    clock.now += 1
    echo.heard(word)

    assert echo.lag_s == 1
