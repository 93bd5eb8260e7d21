"""Number and access code instead of an account: made, marked, and looked up without a hint."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from triage.casework import access_code
from triage.casework.assess import get_complaint
from triage.casework.submit import ALPHABET, ID_LENGTH
from triage.desk import Desk
from triage.errors import NotFound
from triage.store.tables import Complaint

VISIT = timedelta(hours=24)  # how long number and code open the page
_NOBODY = "0" * 64  # in place of the mark of a complaint that is not there: no code has it


def new_code() -> str:
    """A code of 8 symbols drawn by chance, as ``ABCD-2345``; shown once, kept as its mark."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(access_code.LETTERS))
    return f"{letters[:4]}-{letters[4:]}"


def code_mark(desk: Desk, complaint_id: str, code: str) -> str:
    """HMAC-SHA256 (hex) of the code, kept in ``Complaint.access_code``."""
    return access_code.hash_of(desk, complaint_id, code)


def give_code(desk: Desk, complaint_id: str) -> str:
    """A new code for the complaint; an older one opens nothing any more. Raises NotFound."""
    code = new_code()
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        row.access_code = code_mark(desk, complaint_id, code)
    return code


def find_by_code(desk: Desk, number: str, code: str) -> str | None:
    """The complaint's id, if the code is its own; None for a wrong number and a wrong code alike.

    The same work is done in either case, so that not even the time tells which of the two it was.
    """
    plain = "".join(letter for letter in number.upper() if letter.isalnum())[: ID_LENGTH + 4]
    with desk.reading() as session:
        row = session.get(Complaint, plain)
    kept = (row.access_code if row is not None else None) or _NOBODY
    given = code_mark(desk, plain, code)
    return plain if hmac.compare_digest(given, kept) else None


def visit_token(desk: Desk, complaint_id: str) -> str:
    """The secret part of an address that opens the status page for a day: no cookie, no session."""
    until = int((desk.now() + VISIT).timestamp())
    return _visits(desk).dumps([complaint_id, until])


def open_token(desk: Desk, token: str) -> str:
    """Whose status page a token opens: a lasting one from a receipt, or one of a visit.

    Raises NotFound for any other, for one of another purpose and for a visit that is over.
    """
    try:
        return str(lasting(desk).loads(token))
    except BadSignature:
        pass
    try:
        complaint_id, until = _visits(desk).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("complaint.unknown") from error
    if desk.now().timestamp() > until:
        raise NotFound("complaint.visit_over")
    return str(complaint_id)


def lasting(desk: Desk) -> URLSafeSerializer:
    """Signs the addresses that receipts show."""
    return URLSafeSerializer(desk.secret, salt="status")


def _visits(desk: Desk) -> URLSafeSerializer:
    return URLSafeSerializer(desk.secret, salt="status-visit")
