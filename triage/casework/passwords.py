"""Which passwords are taken, and how they are kept: argon2id, and nothing that is guessed first."""

from __future__ import annotations

import functools
import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from triage.casework.weak_passwords import ROWS, WORDS
from triage.errors import Invalid

MIN_PASSWORD = 12  # characters; ASVS 5.0 6.2.1 asks for 8 and recommends 15
NONE = "!"  # in place of the hash of an account that has no password here
_HASHER = PasswordHasher()  # argon2id with the library's defaults (RFC 9106, low memory)
_LEET = str.maketrans("013457@$!", "oieastasi")
_LETTERS = re.compile(r"[^\W\d_]+")


def hashed(password: str) -> str:
    """Argon2id of the password, with a salt of its own."""
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where there is no account or no password."""
    is_there = kept is not None and kept != NONE
    try:
        _HASHER.verify(str(kept) if is_there else _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return is_there


@functools.cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown login costs the same time."""
    return _HASHER.hash(secrets.token_hex(16))


def check(password: str, *own: str) -> None:
    """Raises Invalid for a password that is short, much like the ``own`` names, or common."""
    if len(password) < MIN_PASSWORD:
        raise Invalid("user.short_password", field="password", limit=MIN_PASSWORD)
    plain = password.lower()
    for name in own:
        word = name.lower().strip()
        left = "".join(_LETTERS.findall(plain.replace(word, " "))) if word else plain
        if len(word) >= 4 and word in plain and len(left) < 4:
            raise Invalid("user.password_is_login", field="password")
    if _is_guessed_first(plain):
        raise Invalid("user.common_password", field="password")


def _is_guessed_first(plain: str) -> bool:
    """Whether it is one of the words with some digits and signs, a row of keys, or a repetition."""
    if len(set(plain)) < 5 or _is_repetition(plain) or _is_row(plain):
        return True
    left = min(len(_without_words(each)) for each in (plain, plain.translate(_LEET)))
    return left < 4 and _has_word(plain)


def _has_word(plain: str) -> bool:
    return any(word in plain or word in plain.translate(_LEET) for word in WORDS)


def _without_words(plain: str) -> str:
    """The letters that are left when the commonest words are taken out."""
    for word in sorted(WORDS, key=len, reverse=True):
        plain = plain.replace(word, " ")
    return "".join(_LETTERS.findall(plain))


def _is_repetition(plain: str) -> bool:
    return plain in (plain + plain)[1:-1]


def _is_row(plain: str) -> bool:
    return any(plain in row * 2 or plain in (row * 2)[::-1] for row in ROWS)
