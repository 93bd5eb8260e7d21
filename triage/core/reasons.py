"""One reason of a decision: who says so, which code, and what its sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Source = Literal["rule", "check", "model", "agent", "customer", "system"]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One line of the answer to "why?"; also what did not get its way, then ``overruled``.

    ``code`` is a rule's id when a rule speaks (its sentence is in the book), a finding's code
    when a check speaks, else one of ``triage/messages/reasons.py``. ``detail`` is JSON-able and
    fills the sentence; it holds codes and numbers, no personal data.
    """

    source: Source
    code: str
    detail: Mapping[str, object] = field(default_factory=dict)
    overruled: bool = False

    def to_json(self) -> dict[str, object]:
        """The reason as plain values."""
        return {
            "source": self.source,
            "code": self.code,
            "detail": dict(self.detail),
            "overruled": self.overruled,
        }
