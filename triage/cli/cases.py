"""``triage export`` and ``triage erase``: a whole case to take away, and to forget."""

from __future__ import annotations

import json
from pathlib import Path

import click

from triage.cli.start import opened_desk, read_settings
from triage.core.people import Actor, Role

_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
#: Whoever may run commands here may read the whole database; the history says that it was done.
OPERATOR = Actor(id="operator", name="Command line", roles=frozenset({Role.ADMIN}))


@click.command()
@click.argument("complaint_id", metavar="ID")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder that is made, or a file that ends in .zip. Default: ID.zip here.",
)
@_json_option
def export(complaint_id: str, out: Path | None, as_json: bool) -> None:
    """Write the whole case ID, with its original files, to a ZIP or a folder.

    case.json holds the case with its history, every assessment and the list of files with their
    SHA-256. Files that a check called dangerous are listed and left out.
    """
    from triage.casework.export import whole_case

    number = complaint_id.upper()
    target = out or Path(f"{number}.zip")
    if target.exists():
        raise click.UsageError(f"{target} is there already.")
    with opened_desk(read_settings()) as desk:
        try:
            done = whole_case(desk, number, target, OPERATOR)
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror}.") from error
    click.echo(json.dumps(done) if as_json else f"Written to {target}: {done['files']} files.")


@click.command()
@click.argument("complaint_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json_option
def erase(complaint_id: str, yes: bool, as_json: bool) -> None:
    """Erase personal data and files of the case ID for good.

    Its number, dates, categories and decisions stay for the statistics.
    """
    from triage.casework.erase import erase as erase_now

    number = complaint_id.upper()
    if not yes:
        click.confirm(f"Erase {number} for good? This cannot be taken back", abort=True)
    with opened_desk(read_settings()) as desk:
        done = erase_now(desk, number, OPERATOR)
    said = f"{number} is erased: {done['files']} files, {done['blobs']} of them nowhere else."
    click.echo(json.dumps(done) if as_json else said)
