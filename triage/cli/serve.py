"""``triage serve`` and ``triage work``: the processes that stay."""

from __future__ import annotations

import ipaddress
import signal
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from triage.cli.start import alone, begin, is_embedded, opened_desk, read_settings, web_app
from triage.settings import SettingError, Settings

if TYPE_CHECKING:
    from triage.cli.demo import Demo
    from triage.desk import Desk

READY_SECONDS = 30.0


@click.command()
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Make a demo API key and demo accounts, and print them at every start.",
)
@click.option("--host", help="Address to listen on, in place of TRIAGE_HOST.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on, in place of TRIAGE_PORT."
)
@click.option("--web-only", is_flag=True, help="Leave the work to 'triage work' (PostgreSQL only).")
def serve(demo: bool | None, host: str | None, port: int | None, web_only: bool) -> None:
    """Start the web process, with the workers in it, and stop at SIGTERM or Ctrl-C."""
    settings = read_settings(demo=demo, host=host, port=port)
    if settings.demo and not _is_private(settings.host):
        # No refusal: the passwords are drawn by chance, and TRIAGE_HOST is the contract's.
        click.echo(
            f"triage: other machines can reach {settings.host}; whoever sees the passwords below "
            "can sign in. Start with 'triage serve' for real use.",
            err=True,
        )
    if web_only and is_embedded(settings):
        raise SettingError("--web-only needs PostgreSQL: nobody else can work on a SQLite file.")
    with alone(settings):
        _serve(settings, works=not web_only)


def _serve(settings: Settings, *, works: bool) -> None:
    from triage.cli.demo import prepare_demo
    from triage.server import CannotListen, Run, Server
    from triage.worker import Worker

    with opened_desk(settings) as desk:
        try:
            server = Server(settings.host, settings.port, web_app(desk), settings.threads)
            running = Run(server)
        except CannotListen as error:
            raise click.ClickException(str(error)) from error
        demo = prepare_demo(desk) if settings.demo else None
        desk.examiner.start()
        worker = Worker(desk) if works else None
        if worker:
            worker.launch()
        try:
            running.until_stopped(_when_answered(lambda url: _welcome(desk, url, demo)))
        finally:
            if worker:
                worker.close()


def _welcome(desk: Desk, url: str, demo: Demo | None) -> None:
    """Say that we are there; only now load the model, which nobody had to wait for."""
    from triage.cli.demo import banner

    desk.model.start()
    click.echo(banner(url, demo))


def _when_answered(tell: Callable[[str], None]) -> Callable[[str], None]:
    """``tell`` the address once a request to it is really answered."""

    def wait(url: str) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                # The address is our own, which urllib's other schemes cannot be.
                with urllib.request.urlopen(f"{url}/health/live", timeout=5):  # noqa: S310
                    return tell(url)
            except OSError:
                time.sleep(0.05)
        return None

    return wait


def _is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@click.command()
def work() -> None:
    """Start workers in a process of their own, beside 'triage serve --web-only' processes."""
    from triage.worker import Worker

    settings = read_settings()
    if is_embedded(settings):
        raise SettingError("'triage work' needs PostgreSQL: 'triage serve' works on SQLite itself.")
    over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: over.set())
    with opened_desk(settings) as desk:
        begin(desk)
        desk.model.start()
        desk.examiner.start()
        worker = Worker(desk)
        worker.launch()
        click.echo("Triage works; stop it with Ctrl-C.")
        try:
            over.wait()
        finally:
            worker.close()
