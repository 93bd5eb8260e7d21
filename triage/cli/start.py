"""How every command that works on the real thing begins: settings, log, desk."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triage.settings import Settings, unknown_variables

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from triage.desk import Desk


def read_settings(**changes: Any) -> Settings:
    """The settings of the environment, with what the command line changes (None: nothing).

    Raises SettingError. A variable that looks like a setting and is none is warned of.
    """
    for name in unknown_variables():
        click.echo(f"triage: {name} is not a setting; see 'triage settings'.", err=True)
    given = {name: value for name, value in changes.items() if value is not None}
    return replace(Settings.from_environment(), **given)


@contextmanager
def opened_desk(settings: Settings) -> Iterator[Desk]:
    """The desk upon an up-to-date database; closed at the end."""
    desk = open_desk(settings)
    try:
        yield desk
    finally:
        desk.examiner.close()
        desk.engine.dispose()


def open_desk(settings: Settings) -> Desk:
    """The same for a process that never closes it."""
    from triage.app import build_desk  # takes a second, which 'triage --help' need not wait
    from triage.logs import set_up_logs
    from triage.store import db, jobs

    set_up_logs(settings.log_level)
    desk = build_desk(settings)
    db.upgrade(desk.engine)
    jobs.upgrade(desk.engine)
    return desk


def begin(desk: Desk) -> None:
    """What a process that stays does first: note the rule book in force, read the shadow's."""
    from triage.casework import books, shadow

    books.record(desk)
    shadow.prepare(desk)


def web_app(desk: Desk) -> WSGIApplication:
    """The web application behind as many reverse proxies as the settings say."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    from triage.app import create_app

    begin(desk)
    app = create_app(desk)
    hops = desk.settings.proxies
    # Without a proxy anybody could choose the address that is counted as theirs.
    return ProxyFix(app, x_for=hops, x_proto=hops) if hops else app


class InUse(click.ClickException):
    """Another process has the embedded database."""

    exit_code = 1


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Be the only process that serves this SQLite file; PostgreSQL is shared by many.

    The lock is the kernel's: it ends with the process, however that ends. Two processes on one
    file would take up each other's running work as if it were a crash's.
    """
    if not is_embedded(settings):
        yield
        return
    path = Path(settings.database.removeprefix("sqlite:///") + ".serving")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InUse(
                f"Another Triage process serves {path.with_suffix('')}; stop it first, "
                "or give this one another TRIAGE_DATA_DIR."
            ) from error
        yield


def is_embedded(settings: Settings) -> bool:
    """Whether the database is the SQLite file, which one process serves alone."""
    return settings.database.startswith("sqlite")
