"""Commands for whoever runs the service: db, user, key, sweep, settings."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from typing import Any

import click

from triage.cli.start import opened_desk, read_settings
from triage.core.people import Role
from triage.settings import Settings, variable

_ROLES = click.Choice([role.value for role in Role])
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database's schema up to date ('triage serve' does it by itself)."""
    settings = read_settings()
    with opened_desk(settings):
        click.echo("The database is up to date.")


@click.group()
def user() -> None:
    """Look after accounts of people."""


@user.command("add")
@click.argument("login")
@click.option("--role", type=_ROLES, required=True, help="What the person may do.")
@click.option("--name", help="The name that others see; default: the login.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@_json_option
def add_user(login: str, role: str, name: str | None, password_stdin: bool, as_json: bool) -> None:
    """Make an account with LOGIN; the password is asked for."""
    from triage.casework import staff

    settings = read_settings()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened_desk(settings) as desk:
        number = staff.add_user(
            desk, login=login, name=name or login, password=password, role=Role(role)
        )
    made = {"id": number, "login": login, "role": role}
    _tell(made, f"The account {login} ({role}) is made.", as_json=as_json)


@click.group()
def key() -> None:
    """Look after API keys of programs."""


@key.command("add")
@click.option("--scope", type=_ROLES, required=True, multiple=True, help="May be given repeatedly.")
@click.option("--name", default="", help="What the key is for.")
@click.option("--user", "login", help="Login of the person whose key it is.")
@_json_option
def add_key(scope: tuple[str, ...], name: str, login: str | None, as_json: bool) -> None:
    """Make an API key and print it; it is shown this once and kept as a hash only."""
    from triage.casework import staff

    with opened_desk(read_settings()) as desk:
        scopes = [Role(each) for each in scope]
        made = staff.add_key(desk, name=name or "command line", scopes=scopes, user_login=login)
    shown = {"id": made.id, "scope": " ".join(made.scopes), "key": made.key}
    _tell(shown, made.key, as_json=as_json)


@key.command("revoke")
@click.argument("id")
def revoke_key(id: str) -> None:
    """Make the key with this ID open nothing any more."""
    from triage.casework import staff

    with opened_desk(read_settings()) as desk:
        staff.revoke_key(desk, id)
    click.echo(f"The key {id} is revoked.")


@click.command()
@_json_option
def sweep(as_json: bool) -> None:
    """Remove files that no complaint names and uploads that nobody used within a day."""
    from triage.casework.sweep import sweep as sweep_now

    with opened_desk(read_settings()) as desk:
        removed = sweep_now(desk)
    lines = [f"{name.replace('_', ' ')}: {count}" for name, count in removed.items()]
    _tell(removed, "\n".join(["Removed:", *lines]), as_json=as_json)


@click.command()
@_json_option
@click.option("--markdown", is_flag=True, help="As the table in docs/operating.md.")
def settings(as_json: bool, markdown: bool) -> None:
    """List every setting: its environment variable, default and meaning."""
    rows = [
        {"variable": variable(f), "default": _default(f.default), "help": f.metadata["help"]}
        for f in fields(Settings)
    ]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
    elif markdown:
        click.echo(settings_table(rows))
    else:
        for row in rows:
            click.echo(f"{row['variable']}={row['default']}\n    {row['help']}")


def settings_table(rows: list[dict[str, str]]) -> str:
    """The settings as a Markdown table."""
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for row in rows:
        default = f"`{row['default']}`" if row["default"] else ""
        lines.append(f"| `{row['variable']}` | {default} | {row['help']} |")
    return "\n".join(lines)


def _default(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tell(facts: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else sentence)
