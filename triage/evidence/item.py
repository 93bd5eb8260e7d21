"""What goes into an examination and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.core.evidence import EvidenceKind, Finding, Verdict


@dataclass(frozen=True, kw_only=True)
class Item:
    """One file as its sender declared it and as the intake measured it.

    ``filename`` is used for its extension only and never kept in a finding; ``size`` is in
    bytes; ``sha256`` is the hexadecimal digest that the intake computed while streaming.
    """

    kind: EvidenceKind
    filename: str
    declared_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the checks found out about one file.

    ``media_type`` is the type of the content, ``application/octet-stream`` where it could not
    be told. ``showable`` when ``Examiner.preview`` can make a copy for people; that of a film is
    made while it is looked at, and is in ``preview``. ``width`` and ``height`` are pixels after
    the camera's orientation is applied; a fact that nobody looked up is ``None``. ``signals`` are
    for comparison with other files and cases, see ``signals.SIGNALS``.
    """

    media_type: str
    findings: tuple[Finding, ...]
    verdict: Verdict
    preview: bytes | None = None
    showable: bool = False
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    frames: int | None = None
    signals: Mapping[str, str] = field(default_factory=dict)
