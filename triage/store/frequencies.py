"""How common words are, as PostgreSQL's own statistics have it: what a search plans by.

The planner has the same figures, yet it plans a whole search in one way: a word of which a third
of all complaints is full is then looked up in the index, TID by TID, to be cut with a rare one.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

KEPT_SECONDS = 600.0  # ANALYZE renews them now and then
_LAST = "\U0010ffff"
_EVERY = text(
    "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats "
    "WHERE schemaname = current_schema() AND tablename = 'search_entries' AND attname = 'words'"
)
_TOP = text("SELECT max(id) FROM search_entries")


@dataclass(frozen=True)
class Frequencies:
    """Of common words, which share of the complaints has each; ``top`` is the newest entry."""

    words: Sequence[str] = ()  # in order
    sums: Sequence[float] = (0.0,)  # of the shares before each
    rarest: float = 0.0  # what is not among the words is rarer
    top: int = 0

    def of(self, word: str, *, beginning: bool) -> float:
        """The share of complaints that have the word, or one that begins like it; a guess."""
        start = bisect_left(self.words, word)
        end = bisect_left(self.words, word + _LAST) if beginning else start
        if not beginning and self.words[start : start + 1] == [word]:
            end = start + 1
        return min(1.0, max(self.sums[end] - self.sums[start], self.rarest / 2))


_kept: WeakKeyDictionary[Engine, tuple[float, Frequencies]] = WeakKeyDictionary()
_lock = threading.Lock()


def frequencies(session: Session) -> Frequencies:
    """Those of some minutes ago; of a database that was never analysed, none."""
    engine = session.get_bind().engine
    with _lock:
        found = _kept.get(engine)
    if found is None or time.monotonic() - found[0] > KEPT_SECONDS:
        found = (time.monotonic(), _read(session))
        with _lock:
            _kept[engine] = found
    return found[1]


def _read(session: Session) -> Frequencies:
    row = session.execute(_EVERY).one_or_none()
    top = session.execute(_TOP).scalar() or 0
    if row is None or row[0] is None:
        return Frequencies(top=top)
    shares = dict(zip(row[0], row[1], strict=False))  # behind them stand the least and the most
    words = sorted(shares)
    sums = [0.0, *accumulate(shares[word] for word in words)]
    return Frequencies(words, sums, min(shares.values()), top)
