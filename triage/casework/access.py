"""Number and access code instead of an account: made, marked, and looked up without a hint.

A complaint's first code follows from its number and the secret key, so that whoever filed it can
be told again as often as they ask, and a repeated request answers the same. What is kept is a
mark of the code in force: a new code drawn by chance takes its place, and none ends them all.
docs/decisions/0006 says why.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from triage.casework.assess import get_complaint
from triage.core.complaint import ALPHABET, ID_LENGTH
from triage.desk import Desk
from triage.errors import NotFound
from triage.store.tables import Complaint

LETTERS = 8  # of 31: with a rate limit nobody guesses one of 10¹² codes
VISIT = timedelta(hours=24)  # how long number and code open the page
_NOBODY = "0" * 64  # in place of the mark of a complaint that is not there: no code has it


def first_code(desk: Desk, complaint_id: str) -> str:
    """The code that a complaint is filed with, as ``ABCD-2345``; the same each time."""
    left = int.from_bytes(_hmac(desk, "first-access-code", complaint_id), "big")
    letters = []
    for _ in range(LETTERS):
        left, place = divmod(left, len(ALPHABET))
        letters.append(ALPHABET[place])
    return _spelt(letters)


def new_code() -> str:
    """A code drawn by chance; shown once, kept as its mark."""
    return _spelt([secrets.choice(ALPHABET) for _ in range(LETTERS)])


def code_in_force(desk: Desk, row: Complaint) -> str | None:
    """The first code, as long as it opens the page; None where another was given, or none is."""
    code = first_code(desk, row.id)
    kept = row.access_code or _NOBODY
    return code if hmac.compare_digest(mark_of(desk, row.id, code), kept) else None


def mark_of(desk: Desk, complaint_id: str, code: str) -> str:
    """What is kept in ``Complaint.access_code``. Blanks, dashes and small letters do not count."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return _hmac(desk, "access-code", f"{complaint_id}:{plain}").hex()


def give_code(desk: Desk, complaint_id: str) -> str:
    """A new code for the complaint; an older one opens nothing any more. Raises NotFound."""
    code = new_code()
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        row.access_code = mark_of(desk, complaint_id, code)
    return code


def find_by_code(desk: Desk, number: str, code: str) -> str | None:
    """The complaint's id, if the code is its own; None for a wrong number and a wrong code alike.

    The same work is done in either case, so that not even the time tells which of the two it was.
    """
    plain = plain_number(number)
    with desk.reading() as session:
        row = session.get(Complaint, plain)
    kept = (row.access_code if row is not None else None) or _NOBODY
    given = mark_of(desk, plain, code)
    return plain if hmac.compare_digest(given, kept) else None


def plain_number(number: str) -> str:
    """A complaint's number as it is kept, from what somebody typed or heard."""
    return "".join(letter for letter in number.upper() if letter.isalnum())[: ID_LENGTH + 4]


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


def _spelt(letters: list[str]) -> str:
    return "".join(letters[: LETTERS // 2]) + "-" + "".join(letters[LETTERS // 2 :])


def _hmac(desk: Desk, purpose: str, text: str) -> bytes:
    return hmac.digest(desk.secret, f"{purpose}:{text}".encode(), hashlib.sha256)
