"""Number and access code instead of an account: made, marked, and looked up without a hint."""

from __future__ import annotations

import hmac
import secrets

from triage.casework import access_code
from triage.casework.submit import ALPHABET, ID_LENGTH
from triage.desk import Desk
from triage.store.tables import Complaint

_NOBODY = "0" * 64  # in place of the mark of a complaint that is not there: no code has it


def new_code() -> str:
    """A code of 8 symbols drawn by chance, as ``ABCD-2345``; shown once, kept as its mark."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(access_code.LETTERS))
    return f"{letters[:4]}-{letters[4:]}"


def code_mark(desk: Desk, complaint_id: str, code: str) -> str:
    """HMAC-SHA256 (hex) of the code, kept in ``Complaint.access_code``."""
    return access_code.hash_of(desk, complaint_id, code)


def give_code(desk: Desk, complaint_id: str) -> str:
    """A new code for the complaint; one that it had before opens nothing any more."""
    code = new_code()
    with desk.sessions.begin() as session:
        row = session.get_one(Complaint, complaint_id)
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
