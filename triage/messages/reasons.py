"""Why a complaint was decided as it was, and how its due time was counted, in sentences.

Placeholders are the reason's ``detail`` and the step's own keys. A rule speaks its own ``why``
from the rule book, a check the sentence of its finding; all other codes are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "rulebook.gone": "The rule book of the day of filing ({rulebook}) can no longer be read; "
        "today's decided.",
        "category.chosen": "An agent chose the problem type: {category}.",
        "category.claimed": "The customer chose the problem type: {category}.",
        "category.disagreement": (
            "The customer chose {claimed}, the text reads like {predicted}: worth a look."
        ),
        "category.unknown": "Nobody knows the problem type yet; a person will choose it.",
        "model.predicted": "The text model reads: {category} ({confidence} %).",
        "model.abstained": (
            "The text model is not sure of the problem type; likeliest is {category} "
            "({confidence} %)."
        ),
        "model.missing": "There is no text model to ask; a person reads the text.",
        "model.priority": "The text model suggests the priority {priority} ({confidence} %).",
        "model.priority_unsure": (
            "The text model suggests the priority {priority}, but it is only {confidence} % "
            "sure; {limit} % are needed."
        ),
        "model.danger": (
            "The text model sees a danger with {danger} % probability; from {limit} % a person "
            "looks at once."
        ),
        "evidence.missing": "Still missing: {kind} ({have} of {asked}).",
        "evidence.unusable": "Sent, but not usable: {kind}.",
        "evidence.unchecked": (
            "{kind}: a file could not be checked. It does not count yet, and a person looks at it."
        ),
        "evidence.arranged": "{kind}: the marketplace or the seller arranges it, not the customer.",
        "evidence.waived": "An agent no longer asks for this: {kind}.",
        "evidence.dangerous": (
            "A file is dangerous. It does not count as evidence, and a person decides."
        ),
        "evidence.grace_over": (
            "The time for sending the missing evidence is over; the case is reviewed as it is."
        ),
        "priority.points": "The rules come to {points} points: priority {priority}.",
        "priority.chosen": "An agent set the priority: {priority}.",
        "sla.kept": "The term was extended before and stays: {sla_class}.",
    }
)

CLOCK: Mapping[str, str] = MappingProxyType(
    {
        "clock.started": "The complaint came on {at}; that day is not counted.",
        "day.counted": "{day}: business day {number}.",
        "day.counted_by_decree": "{day}: a weekend day that is worked, business day {number}.",
        "day.weekend": "{day}: weekend, not counted.",
        "day.holiday": "{day}: holiday ({name}), not counted.",
        "day.moved": "{day}: day off ({name}), not counted.",
        "day.estimated": "{day}: day off by estimate ({name}), not counted.",
        "days.calendar": "{days} calendar days end with {until}.",
        "pause.evidence": (
            "From {since} to {until} the clock stood still: evidence was awaited from the customer."
        ),
        "pause.customer": (
            "From {since} to {until} the clock stood still: "
            "an answer was awaited from the customer."
        ),
        "pause.seller": (
            "From {since} to {until} the clock stood still: an answer was awaited from the seller."
        ),
        "pause.capped": "Waiting beyond {cap} working days in sum does not stop the clock.",
        "pause.too_late": "The wait from {since} began after the due time and changes nothing.",
        "pause.overlaps": "The wait from {since} is part of another one and counted once.",
        "pause.least_left": (
            "The clock started again with little time left, so the answer is due on {at}."
        ),
        "clock.due": "The answer is due on {at}.",
        "legal.claimed": "The seller received the written claim on {day}; that day is not counted.",
        "legal.days": "{name}: {count} calendar days end with {until} ({source}).",
        "legal.months": "{name}: {count} months end with {until} ({source}).",
        "legal.never_pauses": "No waiting stops the terms of the law.",
    }
)
