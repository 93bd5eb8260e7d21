"""How often something was tried, counted for all processes together and over restarts.

A row counts one span of time, a minute or an hour. Nothing else of the attempt is kept: the
``mark`` is a keyed hash of who tried what, so that the table names no address and no number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from triage.store.tables import Base


class Attempt(Base):
    """Attempts of one kind by one sender within one span; ``span`` counts them since 1970."""

    __tablename__ = "attempts"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    span: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    over_at: Mapped[datetime] = mapped_column(index=True)  # no count is asked for any more


def counted(session: Session, mark: str, span: int) -> tuple[int, int]:
    """The attempts of the span before and of this one."""
    query = select(Attempt.span, Attempt.count).where(
        Attempt.mark == mark, Attempt.span.in_((span - 1, span))
    )
    found = {each.span: int(each[1]) for each in session.execute(query)}
    return found.get(span - 1, 0), found.get(span, 0)


def add(session: Session, attempt: Attempt, below: int) -> bool:
    """Count one more attempt, unless there are ``below`` in this span already.

    Whoever asks at the same moment waits for the row, so that together they never get more.
    """
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Attempt).values(
        mark=attempt.mark, span=attempt.span, count=1, over_at=attempt.over_at
    )
    one_more = first.on_conflict_do_update(
        index_elements=[Attempt.mark, Attempt.span],
        set_={"count": Attempt.count + 1},
        where=Attempt.count < below,
    )
    return session.execute(one_more.returning(Attempt.count)).first() is not None


def forget(session: Session, now: datetime) -> int:
    """Remove the counts that nobody will ask for any more; how many."""
    gone = session.execute(delete(Attempt).where(Attempt.over_at < now))
    return int(getattr(gone, "rowcount", 0))


def any_over(session: Session, now: datetime) -> bool:
    """Whether there is something to forget."""
    found = session.scalar(select(Attempt.mark).where(Attempt.over_at < now).limit(1))
    return found is not None
