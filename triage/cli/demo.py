"""The demonstration: an API key and accounts, made once and kept in DATA_DIR/demo.json."""

from __future__ import annotations

import json
import os
import secrets
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from triage.casework import staff
from triage.core.people import Role
from triage.desk import Desk
from triage.store.tables import User

EXAMPLES = Path(__file__).parents[2] / "examples"
_NAMES = {
    Role.INTAKE: "Demo Operator",
    Role.AGENT: "Demo Agent",
    Role.QA: "Demo Reviewer",
    Role.ADMIN: "Demo Admin",
}


@dataclass(frozen=True)
class Account:
    login: str
    password: str
    role: str


@dataclass(frozen=True)
class Demo:
    """What whoever tries the service out needs to get in. The file is readable by us only."""

    key: str
    accounts: tuple[Account, ...]


def prepare_demo(desk: Desk) -> Demo:
    """The demo of this database; what is missing of it is made."""
    path = desk.settings.data_dir / "demo.json"
    kept = _kept(path)
    known = _logins(desk)
    # What is kept is not tried out: a password takes a good part of a second to check.
    accounts = tuple(
        account if account.login in known and kept.accounts else _made(desk, account)
        for account in kept.accounts or _new_accounts(known)
    )
    key = kept.key
    if not key or staff.actor_of_key(desk, key) is None:
        key = staff.add_key(desk, name="Demo", scopes=[Role.INTAKE, Role.AGENT]).key
    demo = Demo(key, accounts)
    if demo != kept:
        _keep(path, demo)
    return demo


def _logins(desk: Desk) -> set[str]:
    with desk.reading() as session:
        return set(session.scalars(select(User.login)))


def _new_accounts(taken: set[str]) -> tuple[Account, ...]:
    """One for each role, under a name that nobody has."""
    free = (role if role not in taken else f"{role}-{secrets.token_hex(2)}" for role in _NAMES)
    return tuple(
        Account(str(login), secrets.token_urlsafe(12), str(role))
        for login, role in zip(free, _NAMES, strict=True)
    )


def _made(desk: Desk, account: Account) -> Account:
    role = Role(account.role)
    staff.add_user(
        desk, login=account.login, name=_NAMES[role], password=account.password, role=role
    )
    return account


def _kept(path: Path) -> Demo:
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Demo(stored["key"], tuple(Account(**each) for each in stored["accounts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Demo("", ())


def _keep(path: Path, demo: Demo) -> None:
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(demo), file, indent=1)
    part.replace(path)


def banner(url: str, demo: Demo | None) -> str:
    """What is printed once the service answers."""
    lines = [
        "",
        "Triage is ready.",
        "",
        f"  Pages for agents  {url}/",
        f"  API and its docs  {url}/docs   (OpenAPI: {url}/openapi.json)",
        f"  Health            {url}/health/ready",
    ]
    if demo is not None:
        lines += ["", f"  API key           {demo.key}", "                    (intake, agent)"]
        lines += ["", "  Accounts          login        password"]
        lines += [f"                    {a.login:<12} {a.password}" for a in demo.accounts]
        lines += ["", "Post a complaint (this line works as it is):", "", curl_line(url, demo.key)]
    return "\n".join([*lines, ""])


def curl_line(url: str, key: str) -> str:
    """A complaint with two pictures and a receipt, as one line for a shell in any folder."""
    here = Path.cwd()
    folder = EXAMPLES.relative_to(here) if EXAMPLES.is_relative_to(here) else EXAMPLES
    fields = [
        f"text=<{folder}/complaint.ru.txt",
        "problem_type=defective",
        "order_number=512345678",
        f"damage_photo=@{folder}/mug.jpg",
        f"damage_photo=@{folder}/parcel.jpg",
        f"chat_screenshot=@{folder}/chat.png",
        f"purchase_proof=@{folder}/receipt.pdf",
    ]
    parts = ["curl", "-sS", "-H", f"Authorization: Bearer {key}"]
    parts += [part for each in fields for part in ("-F", each)]
    return shlex.join([*parts, f"{url}/api/v1/complaints"])
