"""One name, many who want it: fifty at once, then a thief at the door of somebody whose line went dead."""

from __future__ import annotations

import asyncio

from tests.faults.checker import check
from tests.faults.claimant import Claimant
from tests.faults.history import History, Stored
from tests.faults.stage import Stage

# One name to the eye: cases, and letters of other scripts that look the same.
LOOKS = ("Anna", "ANNA", "anna", "Аnna", "Ａnna")

# Who is refused more than ten times a second, on and on, is sent away as a flood.
PACE_S = 0.12


async def run(stage: Stage) -> None:
    """50 claims at once, round after round, by joining and by renaming; then an owner drops and a thief tries."""
    await stage.start(CHAT_ADMIT_PER_S="100000", CHAT_RENAMES_PER_10S="100000", CHAT_ROOMS_PER_CONNECTION="100000")
    people = [stage.claimant(History(f"Person {number}")) for number in range(50)]
    ports = stage.ports()
    await asyncio.gather(*(person.connect(ports[number % len(ports)]) for number, person in enumerate(people)))
    rounds = stage.choose(12, 1000)
    claims = [_all_rename if number % 4 == 3 else _all_join for number in range(rounds)]
    owners = []
    for number, claim in enumerate(claims):
        owners.append(await claim(stage, people, f"room-{number}"))
        await asyncio.sleep(PACE_S)
    for person in people:
        assert person.connection
        person.connection.abort()
    stage.report.note("claims of one name at once", 50)
    stage.report.note("rounds", rounds)
    stage.report.hold("rounds with other than one owner", sum(each != 1 for each in owners), at_most=0)
    await _theft(stage)
    stage.report.check(check([person.history for person in people], Stored()))
    await asyncio.to_thread(stage.server.stop)


async def _all_join(stage: Stage, people: list[Claimant], room: str) -> int:
    codes = await asyncio.gather(*(person.claims(room, stage.rng.choice(LOOKS)) for person in people))
    return _owners(stage, list(codes))


async def _all_rename(stage: Stage, people: list[Claimant], room: str) -> int:
    await asyncio.gather(*(person.claims(room, f"Person {number}") for number, person in enumerate(people)))
    codes = await asyncio.gather(*(person.renames(room, stage.rng.choice(LOOKS)) for person in people))
    return _owners(stage, list(codes))


def _owners(stage: Stage, codes: list[str]) -> int:
    stage.report.broken += [f"a claim was answered {code}" for code in set(codes) - {"", "name_taken"}]
    return codes.count("")


async def _theft(stage: Stage) -> None:
    """The owner's line dies; a thief tries all the time, past the moment at which the room is told that they left."""
    owner, thief = stage.claimant(History("Owner")), stage.claimant(History("Thief"))
    await asyncio.gather(owner.connect(stage.ports()[0]), thief.connect(stage.ports()[-1]))
    assert await owner.claims("vault", "Anna") == ""
    assert owner.connection
    owner.connection.abort()
    tries = wins = 0
    try:
        async with asyncio.timeout(stage.choose(7.0, 110.0)):
            while True:
                wins += await thief.claims("vault", stage.rng.choice(LOOKS)) == ""
                tries += 1
                await asyncio.sleep(0.1)
    except TimeoutError:
        stage.report.note("tries of a thief", tries)
    stage.report.hold("won by the thief", wins, at_most=0)
    await owner.connect(stage.ports()[-1])
    stage.report.hold("owner let in again", await owner.claims("vault", "Anna") == "", at_least=1)
    assert owner.connection
    assert thief.connection
    owner.connection.abort()
    thief.connection.abort()
