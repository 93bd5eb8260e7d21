"""What a file is evidence of, and what the checks can say about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class EvidenceKind(StrEnum):
    """The slot that the sender put a file into."""

    DAMAGE_PHOTO = "damage_photo"
    CHAT_SCREENSHOT = "chat_screenshot"
    UNBOXING_VIDEO = "unboxing_video"
    PURCHASE_PROOF = "purchase_proof"
    EXPERT_REPORT = "expert_report"
    OTHER = "other"


class Level(IntEnum):
    """How much a finding weighs; the order is the precedence."""

    OK = 0
    NOTE = 1  # worth knowing, nothing to do
    WEAK = 2  # usable, but an agent should look
    UNKNOWN = 3  # the check could not run: never the same as OK
    UNUSABLE = 4
    DANGEROUS = 5


class Verdict(StrEnum):
    """What the findings about one file come to."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    REJECTED = "rejected"
    PENDING = "pending"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One statement by one check about one file, e.g. ``image.too_small``.

    ``measured`` and ``limit`` are plain numbers or short words with their unit in the sentence
    of the code; ``detail`` fills any further placeholders of that sentence. No personal data.
    """

    code: str
    level: Level
    sha256: str = ""
    measured: float | int | str | None = None
    limit: float | int | str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict that a file's findings add up to; the worst one decides.

    An UNKNOWN beside an UNUSABLE is a rejection: the file is bad whatever else was not seen.
    """
    worst = max((f.level for f in findings), default=Level.OK)
    if worst >= Level.UNUSABLE:
        return Verdict.REJECTED
    if worst is Level.UNKNOWN:
        return Verdict.PENDING
    return Verdict.FLAGGED if worst is Level.WEAK else Verdict.ACCEPTED
