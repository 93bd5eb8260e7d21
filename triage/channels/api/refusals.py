"""What only HTTP can refuse: bodies that cannot be read, missing keys, too much of something.

They extend the five families of ``triage.errors`` at this edge and are never raised inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from triage.errors import Invalid, TriageError


class RequestError(TriageError):
    """A request that is answered before any verb of ``casework`` is called."""

    status: ClassVar[int] = 400

    def headers(self) -> Mapping[str, str]:
        """Headers that the answer must carry."""
        return {}


class Unreadable(RequestError):
    """The body or a header cannot be understood at all."""


class Unauthorised(RequestError):
    """Nobody we know: no key, or a wrong one."""

    status = 401

    def headers(self) -> Mapping[str, str]:
        wrong = ', error="invalid_token"' if self.code == "key.wrong" else ""
        return {"WWW-Authenticate": f'Bearer realm="triage"{wrong}'}


class OutOfScope(RequestError):
    """A known key that lacks the scope; ``scopes`` holds the ones that would do."""

    status = 403

    def headers(self) -> Mapping[str, str]:
        scopes = str(self.facts.get("scopes", "")).replace(",", "")
        challenge = f'Bearer realm="triage", error="insufficient_scope", scope="{scopes}"'
        return {"WWW-Authenticate": challenge}


class TooLarge(RequestError):
    """More bytes or parts than we take; ``limit`` and often ``measured`` are facts."""

    status = 413


class Unsupported(RequestError):
    """A type of body that this address does not take."""

    status = 415

    def headers(self) -> Mapping[str, str]:
        return {"Accept-Post": str(self.facts.get("allowed", ""))}


class TooMany(RequestError):
    """More requests than the key may send; ``seconds`` says when the next one may come."""

    status = 429

    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(self.facts.get("seconds", 1))}


class Mistakes(Invalid):
    """Several fields to mend at once; the code and the facts are those of the first one."""

    def __init__(self, mistakes: Sequence[TriageError]) -> None:
        super().__init__(mistakes[0].code, **mistakes[0].facts)
        self.mistakes = tuple(mistakes)
