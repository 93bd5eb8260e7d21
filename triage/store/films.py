"""The copies of videos that people watch: which are to be made, and those that there are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from triage.store.tables import Base


class Film(Base):
    """Of one stored video; ``due_at`` is when a copy should be made, null once that was tried.

    Without ``sha256`` after that, none could be made. ``is_whole`` says that the copy is as long
    as the video.
    """

    __tablename__ = "films"

    evidence_id: Mapped[str] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    seconds: Mapped[int | None]
    is_whole: Mapped[bool] = mapped_column(default=False)
