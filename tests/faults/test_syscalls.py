"""The reader of strace's notes sees a message that is told too early."""

from tests.faults.syscalls import broken_promises

KEY = "ab" * 16
WAL = "7</data/chat.sqlite3-wal>"
BODY = f"Ann writes line 3 {KEY}"

WRITE = f'11 pwrite64({WAL}, "\\0\\15{BODY}\\1", 4096, 56) = 4096'
SYNC = f"11 fdatasync({WAL}) = 0"
PUSH = f'10 sendto(9<socket:[77]>, "\\201~42[\\"message:posted\\",{{\\"body\\":\\"{BODY}\\"}}]", 200, 0, NULL, 0) = 200'
ACK = f'10 sendto(9<socket:[77]>, "\\201~431[{{\\"message\\":{{\\"body\\":\\"{BODY}\\"}}}}]", 200, 0, NULL, 0) = 200'


def test_written_synced_told_is_sound():
    traced = broken_promises([WRITE, SYNC, PUSH, ACK])

    assert (traced.sound, traced.early, traced.acked) == ({KEY}, set(), {KEY})


def test_told_before_its_sync_is_early():
    for lines in ([WRITE, PUSH, SYNC, ACK], [WRITE, ACK], [SYNC, WRITE, ACK], [ACK, WRITE, SYNC]):
        assert broken_promises(lines).early == {KEY}, lines


def test_a_sync_that_is_still_running_or_failed_does_not_count():
    begins, ends = f"11 fdatasync({WAL} <unfinished ...>", "11 <... fdatasync resumed>) = 0"

    assert broken_promises([WRITE, begins, ACK, ends]).early == {KEY}
    assert broken_promises([WRITE, begins, ends, ACK]).sound == {KEY}
    assert broken_promises([WRITE, SYNC.replace("= 0", "= -1 EIO (Input/output error)"), ACK]).early == {KEY}


def test_a_sync_that_began_before_the_write_ended_does_not_count():
    write_begins = WRITE.replace(", 4096, 56) = 4096", ", 4096, 56 <unfinished ...>")
    other = SYNC.replace("11 ", "12 ")

    assert broken_promises([write_begins, other, "11 <... pwrite64 resumed>) = 4096", ACK]).early == {KEY}


def test_another_file_is_not_the_log():
    assert broken_promises([WRITE, SYNC.replace("-wal", "-journal"), ACK]).early == {KEY}
