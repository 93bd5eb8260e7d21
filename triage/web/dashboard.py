"""The dashboard: what comes, waits and is kept, as pictures and as tables of the same sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from triage.casework import rulewords
from triage.casework.daily import MOST_DAYS
from triage.casework.statistics import DAYS, Remembered
from triage.core.people import Role
from triage.desk import Desk
from triage.web.language import language
from triage.web.session import require

CHOICES = (7, DAYS, MOST_DAYS)
WIDTH, HEIGHT = 600.0, 120.0  # of the picture's own units; it is stretched to its place
GAP = 0.25  # of a column's room


@dataclass(frozen=True)
class Column:
    """One day's column of the picture, in its units, from the upper left corner."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float
    weekend: bool


def add_dashboard(pages: Blueprint, desk: Desk) -> None:
    remembered = Remembered(desk)

    @pages.get("/dashboard")
    def dashboard() -> ResponseReturnValue:
        require(desk, Role.AGENT, Role.QA)
        days = request.args.get("days", DAYS, type=int)
        days = days if days in CHOICES else DAYS
        found = remembered.get(days)
        return render_template(
            "dashboard.html",
            found=found,
            choices=CHOICES,
            columns=columns(found.arrivals),
            most=max((count for _, count in found.arrivals), default=0),
            total=sum(count for _, count in found.arrivals),
            width=WIDTH,
            height=HEIGHT,
            reasons=[
                (code, rulewords.finding_name(code, language()), count)
                for code, count in found.reasons
            ],
        )


def columns(arrivals: Sequence[tuple[date, int]]) -> list[Column]:
    """Where each day's column stands; the tallest is as tall as the picture."""
    most = max((count for _, count in arrivals), default=0) or 1
    room = WIDTH / max(len(arrivals), 1)
    return [
        Column(
            day=day,
            count=count,
            x=round(place * room + room * GAP / 2, 2),
            y=round(HEIGHT - HEIGHT * count / most, 2),
            width=round(room * (1 - GAP), 2),
            height=round(HEIGHT * count / most, 2),
            weekend=day.weekday() >= 5,
        )
        for place, (day, count) in enumerate(arrivals)
    ]
