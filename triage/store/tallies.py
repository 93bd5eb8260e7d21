"""Sums of whole days, kept so that nobody has to count a quarter of a year to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from triage.store.tables import Base


class DailyTally(Base):
    """What ``casework/daily.py`` has counted of one day that was over, and when."""

    __tablename__ = "daily_tallies"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    made_at: Mapped[datetime]
    sums: Mapped[dict[str, Any]]


def kept(session: Session, first: date, since: datetime) -> dict[date, dict[str, Any]]:
    """The sums of each day from ``first`` on that were made after ``since``."""
    wanted = select(DailyTally).where(DailyTally.day >= first, DailyTally.made_at >= since)
    return {each.day: each.sums for each in session.scalars(wanted)}


def last_made(session: Session) -> datetime | None:
    """When sums were last made."""
    return session.scalar(select(func.max(DailyTally.made_at)))


def keep(session: Session, sums: Mapping[date, dict[str, Any]], now: datetime) -> None:
    """Put these sums in the place of older ones."""
    for day, counted in sums.items():
        session.merge(DailyTally(day=day, made_at=now, sums=counted))
