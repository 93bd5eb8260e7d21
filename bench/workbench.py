"""Measures the pages with a million complaints: python -m bench.workbench [--rows 1000000].

Fills a PostgreSQL of its own (as Debian installs it, with its own settings but for the waiting
for the disk) by ``bench/million.py``, then asks for each page many times, each time another
customer, word, seller or case. Once through the application in this process, which tells what
the database took of it, and, with ``--server``, over HTTP from a server: ``gunicorn`` (two
processes, installed into a throw-away folder) or ``triage``. Prints the median and the 95th
percentile in milliseconds of server time (own work, waiting for the processor, the database), the
processor time that was our own, the database's share as we see it with the number of questions,
and the size of the page.

``--sqlite`` fills a SQLite instead (mind --rows), ``--database`` takes the address of an empty
PostgreSQL database or of one that was filled like this before.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import ProgrammingError

from bench import asking, million, patterns
from bench.asking import Browser
from bench.journeys import Page, World, pages
from triage.app import build_desk, create_app
from triage.casework import staff
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import Conflict
from triage.settings import Settings
from triage.store import db, jobs

SEED = 6
PATTERNS = 200
PASSWORD = "four long ways to the sea"
SECRET = "a secret key for benchmarks only"
LIMIT = 50  # milliseconds that a page may take
ROLES = {"agent": Role.AGENT, "operator": Role.INTAKE}


@dataclass
class Watch:
    """What the database took, as this process sees it."""

    seconds: float = 0.0
    questions: int = 0
    _since: list[float] = field(default_factory=list)

    def on(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, *_: Any) -> None:
        self._since.append(time.perf_counter())

    def _end(self, *_: Any) -> None:
        self.seconds += time.perf_counter() - self._since.pop()
        self.questions += 1


@dataclass
class Times:
    """Of one page, in milliseconds."""

    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    questions: int = 0
    size: int = 0

    @property
    def middle(self) -> float:
        return statistics.median(self.took)

    @property
    def late(self) -> float:
        """The 95th percentile."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * 0.95))]

    def line(self, name: str) -> str:
        share = f"{statistics.median(self.asked):.1f} ({self.questions})" if self.questions else ""
        own = f"{statistics.median(self.worked):.1f}" if self.questions else ""
        mark = " **" if self.middle >= LIMIT else ""
        size = f"{self.size / 1024:.0f}"
        return f"| {name} | {self.middle:.1f}{mark} | {self.late:.1f} | {own} | {share} | {size} |"


def measure(page: Page, browser: Browser, times: int, watch: Watch | None) -> Times:
    """Ask for one page often, warm."""
    found = Times()
    for number in range(-2, times):
        ask = page.prepare(browser)
        if watch:
            watch.seconds, watch.questions = 0.0, 0
        began, busy = time.perf_counter(), time.process_time()
        answer = ask()
        took = (time.perf_counter() - began) * 1000
        worked = (time.process_time() - busy) * 1000
        assert answer.status in (200, 303, 304), (page.name, answer.status, answer.body[:300])
        if number < 0:
            continue
        found.took.append(took)
        found.size = max(found.size, len(answer.body))
        if watch:
            found.worked.append(worked)
            found.asked.append(watch.seconds * 1000)
            found.questions = max(found.questions, watch.questions)
    return found


@contextlib.contextmanager
def database(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The address of the database to be measured."""
    if options.sqlite:
        yield f"sqlite:///{folder}/triage.db"
    elif options.database:
        yield options.database
    else:
        from tests.neighbours import postgresql  # starts a server of its own

        with postgresql() as server:
            yield server.url(server.create())


def filled(desk: Desk, rows: int, folder: Path) -> int:
    """Fill the database if it is empty; how many complaints it has."""
    db.upgrade(desk.engine)
    jobs.upgrade(desk.engine)
    if there := million.count(desk.engine):
        return there
    began = time.perf_counter()
    chance = random.Random(SEED)
    judged = patterns.made(folder, PATTERNS, chance)
    million.fill(
        desk.engine, million.stock(datetime.now(UTC), rows, judged, patterns.texts()), print
    )
    print(f"{rows:,} complaints, filled in {time.perf_counter() - began:.0f} s")
    return rows


def prepared(options: argparse.Namespace, url: str, folder: Path) -> tuple[Desk, World]:
    """A desk upon the filled database with people, and with its model read."""
    settings = Settings(data_dir=folder / "desk", database_url=url, secret_key=SECRET)
    desk = build_desk(settings)
    rows = filled(desk, options.rows, folder / "patterns")
    if desk.engine.dialect.name == "postgresql":
        with contextlib.suppress(ProgrammingError):  # a superuser's right
            million.warm(desk.engine)
    for login, role in ROLES.items():
        with contextlib.suppress(Conflict):
            staff.add_user(desk, login=login, name=login.title(), password=PASSWORD, role=role)
    desk.model.start()
    while desk.classifier is None:
        time.sleep(0.1)
    return desk, World(desk, rows, patterns.texts(), random.Random(SEED))


def run(options: argparse.Namespace, url: str, folder: Path) -> None:
    desk, world = prepared(options, url, folder)
    print(f"{world.rows:,} complaints on {desk.engine.dialect.name}, {options.times} times each")
    wanted = [page for page in pages(world) if options.only in f"{page.who} {page.name}"]
    app, watch = create_app(desk), Watch()
    watch.on(desk.engine)
    table(
        "in this process",
        wanted,
        lambda: asking.Inside(client=app.test_client()),
        options.times,
        watch,
    )
    if options.server:
        with asking.serving(options.server, url, folder / "server", SECRET) as address:
            table(options.server, wanted, lambda: asking.Outside(url=address), options.times, None)


def table(
    where: str, wanted: list[Page], opened: Callable[[], Browser], times: int, watch: Watch | None
) -> None:
    """One line a page, as it is measured."""
    browsers = {who: opened() for who in {page.who for page in wanted}}
    for who in ROLES.keys() & browsers.keys():
        browsers[who].sign_in(who, PASSWORD)
        browsers[who].get("/queue" if who == "agent" else "/intake")
    print(f"\n| {where} | median | 95 % | own CPU | database (questions) | KB |")
    print("|---|---|---|---|---|---|")
    slow = 0
    for page in wanted:
        found = measure(page, browsers[page.who], times, watch)
        slow += found.middle >= LIMIT
        print(found.line(page.name), flush=True)
    print(f"\n{slow} of {len(wanted)} pages take {LIMIT} ms or more in the median.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=60, help="askings of each page")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--server", choices=("gunicorn", "triage"), help="once over HTTP, too")
    parser.add_argument("--sqlite", action="store_true", help="SQLite in place of PostgreSQL")
    parser.add_argument("--database", default="", help="PostgreSQL database, empty or filled")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name, database(options, Path(name)) as url:
        run(options, url, Path(name))


if __name__ == "__main__":
    main()
