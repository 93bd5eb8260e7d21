"""What is told about a receipt that was read from its print: one finding and one signal."""

from __future__ import annotations

from triage.core.evidence import Finding, Level
from triage.core.printed import Printed

UNSURE = "unsure"
"""Stands behind the fields of a signal whose letters were recognised in a picture."""

_UNREAD = "–"


def printed_signal(paper: Printed, *, unsure: bool = False) -> str:
    """As ``signals.py`` lays it out."""
    fields = (paper.fiscal_sign or "", paper.till or "", _sum(paper), _time(paper))
    return "|".join((*fields, UNSURE) if unsure else fields)


def text_read(paper: Printed) -> Finding:
    """For a receipt without a code that could be read."""
    return Finding(
        code="receipt.text_read",
        level=Level.NOTE,
        detail={
            "sum": _sum(paper) or _UNREAD,
            "time": _time(paper) or _UNREAD,
            "fiscal_sign": paper.fiscal_sign,
            "till": paper.till,
        },
    )


def _sum(paper: Printed) -> str:
    return "" if paper.amount is None else f"{paper.amount:.2f}"


def _time(paper: Printed) -> str:
    when = paper.issued_at
    return "" if when is None else when.isoformat(sep=" ", timespec="seconds")
