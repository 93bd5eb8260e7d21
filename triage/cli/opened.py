"""``triage opened``: the access log of the evidence, from the histories of the complaints."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triage.cli.start import opened_desk, read_settings


@click.command()
@click.option("--complaint", "complaint_id", metavar="ID", help="Of this complaint only.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on (UTC).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def opened(complaint_id: str | None, since: datetime | None, as_json: bool) -> None:
    """List who opened which original files, the oldest first."""
    from triage.casework.files import openings

    begin = since.replace(tzinfo=UTC) if since else None
    number = complaint_id.upper() if complaint_id else None
    with opened_desk(read_settings()) as desk:
        found = openings(desk, complaint_id=number, since=begin)
    for each in found:
        at = each.at.isoformat(timespec="seconds")
        if as_json:
            click.echo(json.dumps({**asdict(each), "at": at}, ensure_ascii=False))
        else:
            click.echo(f"{at}  {each.complaint}  {each.evidence}  {each.actor} {each.actor_name}")
