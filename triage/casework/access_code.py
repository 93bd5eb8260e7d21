"""The code that opens a complaint's status page beside its number; only its hash is kept."""

from __future__ import annotations

import hashlib
import hmac

from triage.casework.submit import ALPHABET
from triage.desk import Desk

LETTERS = 8  # of 31: with a rate limit nobody guesses one of 10¹² codes


def made_from(desk: Desk, secret: str) -> str:
    """The code that belongs to a secret which only the customer holds, as ``ABCD-2345``.

    The same each time, so that a receipt can be shown again though we keep no code.
    """
    digest = _hmac(desk, "access-code-of-draft", secret)
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters[: LETTERS // 2]) + "-" + "".join(letters[LETTERS // 2 :])


def hash_of(desk: Desk, complaint_id: str, code: str) -> str:
    """What is kept in ``Complaint.access_code``. Blanks, dashes and small letters do not count."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return _hmac(desk, "access-code", f"{complaint_id}:{plain}").hex()


def _hmac(desk: Desk, purpose: str, text: str) -> bytes:
    return hmac.digest(desk.secret, f"{purpose}:{text}".encode(), hashlib.sha256)
