"""Does the slot hold what it claims: a photo, a screenshot, a document?

Three small weighted sums over the features of ``screen`` say how sure it is that a picture is a
screenshot, a photo of a screen, a printed page. Nothing here rejects: a screenshot may be all
that somebody has, and an employee looks. The file's header only adds certainty: no EXIF and no
known size means nothing by itself, since messengers remove both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from PIL import Image

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence.accepted import BMP, PNG
from triage.evidence.opened import Opened
from triage.evidence.screen import HIGHEST, Look

_LEAST = 200  # pixels, the shorter side: in less there is too little to tell
_REASONS = 2  # that a sentence names
_WORTH = 0.3  # what a reason must add to the sum to be named
_MOST = 99  # per cent: nothing of this kind is ever certain


class Term(NamedTuple):
    """A feature's weight, its mean over pictures of other kinds, its mean over its own kind.

    Only the distance from such a mean is a reason.
    """

    weight: float
    elsewhere: float
    own: float


@dataclass(frozen=True)
class Sum:
    """A logistic model: a weighted sum of features."""

    bias: float
    terms: Mapping[str, Term]

    def sureness(self, features: Mapping[str, float]) -> float:
        """0 to 1."""
        total = self.bias + sum(term.weight * features[name] for name, term in self.terms.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    def span(self, name: str) -> tuple[float, float]:
        """The least and the most that a feature can add."""
        ends = (0.0, self.terms[name].weight * HIGHEST.get(name, 1.0))
        return min(ends), max(ends)

    def reasons(self, features: Mapping[str, float], *, against: bool = False) -> list[str]:
        """Codes of what speaks most for it (or against it), the strongest first."""
        named: dict[str, float] = {}
        for name, term in self.terms.items():
            share = term.weight * (features[name] - (term.own if against else term.elsewhere))
            share = -share if against else share
            reason = (_AGAINST if against else _FOR).get(name)
            if reason is not None:
                named[reason] = named.get(reason, 0.0) + share
        strong = sorted(named.items(), key=lambda each: -each[1])
        return [reason for reason, share in strong[:_REASONS] if share >= _WORTH]


_FOR = MappingProxyType(
    {
        "plain": "equal_points",
        "drawn": "equal_points",
        "palette": "few_colours",
        "second": "few_colours",
        "ruled": "exact_edges",
        "rhythm": "lines_of_text",
        "status": "status_bar",
        "known": "screen_size",
        "tall": "screen_size",
        "said": "says_so",
        "moire": "stripes",
        "fringes": "stripes",
    }
)
_AGAINST = MappingProxyType(
    {
        "plain": "noise",
        "drawn": "noise",
        "grain": "noise",
        "palette": "many_shades",
        "second": "many_shades",
        "print": "no_print",
        "camera": "camera",
    }
)
"""Reasons by feature: what has no word in a sentence still counts in the sum."""

# Fitted by ``python -m bench.kinds --fit`` on one half of its set; docs/evidence-kinds.md.
SCREENSHOT = Sum(
    bias=-6.01,
    terms={
        "plain": Term(1.30, 0.25, 0.78),
        "drawn": Term(1.17, 0.15, 0.73),
        "palette": Term(1.22, 0.38, 0.87),
        "second": Term(1.08, 0.23, 0.76),
        "ruled": Term(2.18, 0.21, 2.81),
        "rhythm": Term(0.30, 0.10, 0.37),
        "status": Term(0.66, 0.00, 0.71),
        "grain": Term(-1.09, 0.55, 0.02),
        # Not fitted: what a made set cannot teach. What is absent counts for nothing.
        "known": Term(0.8, 0, 0),
        "tall": Term(0.4, 0, 0),
        "lossless": Term(0.4, 0, 0),
        "camera": Term(-4.0, 0, 0),  # an exposure is written by cameras only
        "said": Term(6.0, 0, 0),  # iPhones write "Screenshot" into the comment
    },
)
SCREEN_PHOTO = Sum(
    bias=-1.12,
    terms={"fringes": Term(3.80, 0.08, 0.43), "moire": Term(1.84, 0.11, 0.35)},
)
DOCUMENT = Sum(
    bias=-2.09,
    terms={
        "print": Term(12.07, 0.00, 0.27),
        "paper": Term(1.23, 0.35, 0.64),
        "rhythm": Term(3.37, 0.00, 0.25),
    },
)
HEADER = ("lossless", "camera", "said")
_CHEAPEST_FIRST = (
    *(*HEADER, "known", "tall", "ruled", "palette", "second", "status", "plain", "drawn"),
    *("grain", "rhythm", "moire", "fringes", "print", "paper"),
)


def prepare() -> None:
    """Ask everything once of a small picture, so that nothing is loaded late."""
    look = Look(Image.effect_noise((256, 256), 30).convert("RGB"), (256, 256))
    for model in (SCREENSHOT, SCREEN_PHOTO, DOCUMENT):
        model.sureness(features(model, look, {}))


def check(opened: Opened) -> Iterator[Finding]:
    """Needs the scaled copy, the facts and what the check of the picture remembered."""
    ask = _QUESTIONS.get(opened.kind)
    if ask is None or opened.shown is None or opened.facts.get("frames", 1) > 1:
        return
    size = (opened.facts["width"], opened.facts["height"])
    if min(size) >= _LEAST:
        yield from ask(_Asked(opened, Look(opened.shown, size)))


def features(model: Sum, look: Look, header: Mapping[str, float]) -> dict[str, float]:
    """What the model weighs: from the header where it is there, else from the picture."""
    return {
        name: header.get(name, 0.0) if name in HEADER else float(getattr(look, name))
        for name in model.terms
    }


def features_within(
    model: Sum, look: Look, header: Mapping[str, float], bounds: tuple[float, float]
) -> dict[str, float] | None:
    """The same; None as soon as the sum cannot come to lie within the bounds any more."""
    seen: dict[str, float] = {}
    left = [name for name in _CHEAPEST_FIRST if name in model.terms]
    total = model.bias
    while left:
        spans = [model.span(name) for name in left]
        least, most = (total + sum(ends) for ends in zip(*spans, strict=True))
        if most < bounds[0] or least > bounds[1]:
            return None
        name = left.pop(0)
        seen[name] = header.get(name, 0.0) if name in HEADER else float(getattr(look, name))
        total += model.terms[name].weight * seen[name]
    return seen


def _logit(per_cent: float) -> float:
    """The sum that gives this sureness; without end where nothing is sure enough."""
    if not 0 < per_cent < 100:
        return math.copysign(math.inf, per_cent - 50)
    return math.log(per_cent / (100 - per_cent))


def header_of(opened: Opened) -> dict[str, float]:
    """What only the file knows: 1 where it holds, 0 where it does not or nothing is said."""
    said: Mapping[str, Any] = opened.remembered
    return {
        "lossless": float(opened.media_type in (PNG, BMP)),
        "camera": float(bool(said.get("by_camera"))),
        "said": float(bool(said.get("screenshot"))),
    }


class _Asked:
    """One picture, and what the models say of it."""

    def __init__(self, opened: Opened, look: Look) -> None:
        self._header = header_of(opened)
        self._look = look
        self.limit = opened.limits.kind_sureness

    def speaking_for(self, model: Sum) -> tuple[int, dict[str, float]] | None:
        """Per cent, and the features it comes from; None when that is not enough to be said."""
        seen = self._within(model, (_logit(self.limit - 1), math.inf))
        sure = round(100 * model.sureness(seen)) if seen else 0
        return (sure, seen) if seen and sure >= self.limit else None

    def speaking_against(self, model: Sum) -> tuple[int, dict[str, float]] | None:
        """The same about its not being one."""
        seen = self._within(model, (-math.inf, _logit(100 - self.limit + 1)))
        unsure = 100 - round(100 * model.sureness(seen)) if seen else 0
        return (unsure, seen) if seen and unsure >= self.limit else None

    def _within(self, model: Sum, bounds: tuple[float, float]) -> dict[str, float] | None:
        return features_within(model, self._look, self._header, bounds)

    def finding(self, code: str, sure: int, reasons: list[str]) -> Finding:
        return Finding(
            code=code,
            level=Level.WEAK,
            measured=min(_MOST, sure),
            limit=self.limit,
            detail={"because": ", ".join(reasons)},
        )


def _of_photo(asked: _Asked) -> Iterator[Finding]:
    if found := asked.speaking_for(SCREENSHOT):
        sure, seen = found
        yield asked.finding("kind.screenshot_as_photo", sure, SCREENSHOT.reasons(seen))
        return
    yield from _of_screen(asked)


def _of_screen(asked: _Asked) -> Iterator[Finding]:
    if found := asked.speaking_for(SCREEN_PHOTO):
        sure, seen = found
        yield asked.finding("kind.photo_of_screen", sure, SCREEN_PHOTO.reasons(seen))


def _of_screenshot(asked: _Asked) -> Iterator[Finding]:
    """A photo of a screen shows what a screenshot would, if less well; say that instead."""
    if against := asked.speaking_against(SCREENSHOT):
        findings = list(_of_screen(asked))
        if not findings:
            sure, seen = against
            reasons = SCREENSHOT.reasons(seen, against=True)
            findings = [asked.finding("kind.photo_as_screenshot", sure, reasons)]
        yield from findings


def _of_document(asked: _Asked) -> Iterator[Finding]:
    """Print on paper or on a screen is fine."""
    if against := asked.speaking_against(DOCUMENT):
        sure, seen = against
        yield asked.finding("kind.photo_as_document", sure, DOCUMENT.reasons(seen, against=True))


_QUESTIONS = MappingProxyType(
    {
        EvidenceKind.DAMAGE_PHOTO: _of_photo,
        EvidenceKind.CHAT_SCREENSHOT: _of_screenshot,
        EvidenceKind.EXPERT_REPORT: _of_document,
    }
)
