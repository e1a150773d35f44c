"""Three processes behind nginx are stopped and started one after the other while everybody talks: an upgrade."""

from __future__ import annotations

import asyncio
import time

from tests.deploy.proxies import OWN_ADDRESS, Nginx
from tests.faults.crowd import Crowd
from tests.faults.stage import quantile
from tests.faults.wide import WideStage

STOP_WITHIN_S = 10.0
BACK_WITHIN_S = 10.0


class Rolling(WideStage):
    """Everybody comes through nginx, with the files of deploy/."""

    async def start(self, **settings: str) -> None:
        await super().start(CHAT_TRUSTED_PROXIES=OWN_ADDRESS, CHAT_ADMIT_PER_S="1000", **settings)
        folder = self.folder / "nginx"
        folder.mkdir()
        self.nginx = Nginx(folder, super().ports())
        await asyncio.to_thread(self.nginx.start)

    def ports(self) -> list[int]:
        return [self.nginx.port]

    def close(self) -> None:
        if hasattr(self, "nginx"):
            self.nginx.stop()
        super().close()


STAGE = Rolling


async def run(stage: Rolling) -> None:
    """300 people, 30 messages a second, each process stopped 20 times."""
    await stage.start()
    crowd = Crowd(stage, stage.choose(45, 300), stage.choose(5, 30))
    most = 0.95 * len(crowd.clients)
    took, back, codes = [], [], []
    async with crowd:
        talk = asyncio.create_task(crowd.talk(30))
        for _ in range(stage.choose(1, 20)):
            for server in stage.servers:
                begin = time.monotonic()
                codes.append(await asyncio.to_thread(server.stop))
                took.append(time.monotonic() - begin)
                await crowd.wait(lambda: sum(each.is_in for each in crowd.clients) >= most, 30)
                back.append(time.monotonic() - begin)
                await asyncio.to_thread(server.restart)
        talk.cancel()
        await crowd.settle()
    stage.report.note("processes stopped and started", len(codes))
    stage.report.hold("exit codes other than 0", sum(code != 0 for code in codes), at_most=0)
    stage.report.hold("slowest exit, s", max(took), at_most=STOP_WITHIN_S)
    stage.report.hold("95 % back, slowest time, s", max(back), at_most=BACK_WITHIN_S)
    stage.report.note("95 % back, p50, s", quantile(back, 0.5))
    crowd.check()
