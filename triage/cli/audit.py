"""``triage audit``: what staff did that is no event of a case, from the log in the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from triage.cli.start import opened_desk, read_settings


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on (UTC).")
@click.option("--actor", metavar="ID", help="Of this one only, e.g. user:3 or operator.")
@click.option("--verb", help="Of this kind only, e.g. sign_in_failed.")
@click.option("--most", type=click.IntRange(1, 100_000), default=1000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def audit(
    since: datetime | None, actor: str | None, verb: str | None, most: int, as_json: bool
) -> None:
    """List what staff did, the newest first: sign-ins, accounts, keys, rule books, models."""
    from triage.casework.audit import Asked, entries

    begin = since.replace(tzinfo=UTC) if since else None
    with opened_desk(read_settings()) as desk:
        found = entries(desk, Asked(actor=actor, verb=verb, since=begin), most)
    for each in found:
        at = each.at.isoformat(timespec="seconds")
        if as_json:
            line = {"id": each.id, "at": at, "actor": each.actor, "actor_name": each.actor_name}
            more = {"verb": each.verb, "target": each.target, "network": each.network}
            click.echo(json.dumps({**line, **more, "detail": each.detail}, ensure_ascii=False))
        else:
            words = (at, each.actor, each.verb, each.target, each.network)
            click.echo("  ".join(word for word in words if word))
