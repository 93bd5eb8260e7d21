"""Everything that Triage raises on purpose: five families, a code and facts, never a sentence.

The sentence for a code is in ``triage/messages``; what a family means to HTTP is in
``web/errors.py`` and ``channels/api/problems.py``, what it means to a shell in ``cli.py``.
"""

from __future__ import annotations


class TriageError(Exception):
    """Base of the five families. ``facts`` fill the sentence's placeholders.

    Two facts have a fixed meaning for whoever answers the caller: ``field`` (what to mend)
    and ``limit`` (the bound that was passed). No fact may hold personal data.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value!r}" for name, value in self.facts.items())])


class NotFound(TriageError):
    """No such thing, or not visible to whoever asks."""


class Invalid(TriageError):
    """The sender can mend this: the facts say which field and why."""


class Conflict(TriageError):
    """True a moment ago, not any more, or not allowed in this state."""


class Refused(TriageError):
    """A known sender who may not do this."""


class Unavailable(TriageError):
    """A neighbour (database, bucket, sandbox) is down. The only family worth retrying."""
