"""The second step at sign-in: codes of an app (TOTP, RFC 6238), and recovery codes instead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from triage.casework import audit
from triage.casework.audit import By
from triage.casework.sittings import mark, person
from triage.desk import Desk
from triage.errors import Conflict, NotFound, Refused
from triage.settings import names
from triage.store.people import Sitting
from triage.store.tables import User

STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way
CODES = 10
MOST_TRIES = 5  # wrong codes, then the password is asked for again
MOST_FAILURES, FAILURES_WITHIN = 15, timedelta(minutes=15)  # of an account, from anywhere
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for another


@dataclass(frozen=True)
class Enrolment:
    """What a code app is told: the secret as text, and the same as an address for its camera."""

    secret: str
    uri: str


def enrol(desk: Desk, user_id: int) -> Enrolment:
    """The secret that waits for its first code; made where there is none. Raises Conflict."""
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        if user.totp_since is not None:
            raise Conflict("totp.there")
        secret = _opened(desk, user.totp_secret) or pyotp.random_base32()
        user.totp_secret = _sealer(desk).encrypt(secret.encode()).decode()
        login = user.login
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Triage")
    return Enrolment(secret, uri)


def confirm(desk: Desk, user_id: int, code: str, by: By) -> list[str]:
    """Ask for codes from now on; the recovery codes, which are shown this once.

    Raises Refused for a wrong code, NotFound where nothing waits to be confirmed.
    """
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        secret = _opened(desk, user.totp_secret)
        if secret is None or user.totp_since is not None:
            raise NotFound("totp.none")
        user.totp_step = _step_of(desk, secret, code, None)
        if user.totp_step is None:
            raise Refused("code.wrong")
        user.totp_since = desk.now()
        audit.add(session, desk.now(), by, "totp_added", f"user:{user_id}")
        return _new_recovery(desk, user)


def renew_recovery(desk: Desk, user_id: int, by: By) -> list[str]:
    """Ten new recovery codes; the old ones open nothing. Raises NotFound without an app."""
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        if user.totp_since is None:
            raise NotFound("totp.none")
        audit.add(session, desk.now(), by, "recovery_renewed", f"user:{user_id}")
        return _new_recovery(desk, user)


def remove_own(desk: Desk, user_id: int, code: str, by: By) -> None:
    """Remove one's own app, by one of its codes. Raises Refused, also where the role needs it."""
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if user.totp_required or user.role in names(desk.settings.totp_required_roles):
            raise Refused("totp.required")
        if _way(desk, user, code) is None:
            raise Refused("code.wrong")
    remove(desk, user_id, by)


def remove(desk: Desk, user_id: int, by: By) -> None:
    """No codes any more: the app is lost, or not wanted."""
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        user.totp_secret = user.totp_since = user.totp_step = None
        user.totp_recovery = []
        audit.add(session, desk.now(), by, "totp_removed", f"user:{user_id}")


def prove(desk: Desk, secret: str, code: str, by: By) -> None:
    """The second step of the session with this secret. Raises Refused.

    A wrong code is counted for the session and for the account; a code is taken only once.
    """
    with desk.reading() as session:
        row = session.get(Sitting, mark(secret))
    if row is None:
        raise NotFound("sitting.unknown")
    target = f"user:{row.user_id}"
    if audit.count(desk, "code_failed", target, FAILURES_WITHIN) >= MOST_FAILURES:
        raise Refused("code.too_many", minutes=int(FAILURES_WITHIN.total_seconds() // 60))
    with desk.sessions.begin() as session:
        row = session.get(Sitting, row.id)
        if row is None:
            raise NotFound("sitting.unknown")
        is_taken = _take(desk, session, row, code, by)
    if not is_taken:
        raise Refused("code.wrong")


def _take(desk: Desk, session: Session, row: Sitting, code: str, by: By) -> bool:
    user, now = session.get_one(User, row.user_id, with_for_update=True), desk.now()
    doer, target = By(person(user), by.network), f"user:{user.id}"
    way = _way(desk, user, code)
    if way is None:
        row.tries += 1
        audit.add(session, now, By(audit.NOBODY, by.network), "code_failed", target)
        if row.tries >= MOST_TRIES:
            session.delete(row)
        return False
    if way == "recovery":
        audit.add(session, now, doer, "recovery_used", target, left=len(user.totp_recovery))
    row.proven, row.seen_at, user.signed_in_at = True, now, now
    audit.add(session, now, doer, "sign_in", target, way=way)
    return True


def _way(desk: Desk, user: User, code: str) -> str | None:
    """How the code is good (and spent from now on): ``code``, ``recovery`` or not at all."""
    secret = _opened(desk, user.totp_secret)
    step = _step_of(desk, secret, code, user.totp_step) if secret else None
    if step is not None:
        user.totp_step = step
        return "code"
    spent = _recovery_mark(desk, user.id, code)
    if any(hmac.compare_digest(spent, str(each)) for each in user.totp_recovery):
        user.totp_recovery = [each for each in user.totp_recovery if each != spent]
        return "recovery"
    return None


def _step_of(desk: Desk, secret: str, code: str, after: int | None) -> int | None:
    """The time step that the code is of, newer than ``after``; None where it is of none."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) == 6):
        return None
    app, now = pyotp.TOTP(secret, interval=STEP_SECONDS), int(desk.now().timestamp())
    for step in range(now // STEP_SECONDS - DRIFT, now // STEP_SECONDS + DRIFT + 1):
        is_fresh = after is None or step > after
        if hmac.compare_digest(app.at(step * STEP_SECONDS), plain) and is_fresh:
            return step
    return None


def _new_recovery(desk: Desk, user: User) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES)]
    user.totp_recovery = [_recovery_mark(desk, user.id, code) for code in codes]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovery_mark(desk: Desk, user_id: int, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(desk.secret, f"recovery:{user_id}:{plain}".encode(), "sha256").hexdigest()


def _sealer(desk: Desk) -> Fernet:
    """A stolen copy of the database gives nobody's codes away."""
    key = hashlib.sha256(b"triage totp:" + desk.secret).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _opened(desk: Desk, sealed: str | None) -> str | None:
    if sealed is None:
        return None
    try:
        return _sealer(desk).decrypt(sealed.encode()).decode()
    except InvalidToken:  # sealed with another secret key: the app must be set up anew
        return None
