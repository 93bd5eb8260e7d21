"""Longer lessons from two texts: a grievance stays one beside words that settle nothing.

Customers praise, ask and tell of the courier around the one clause that matters. Few texts of a
corpus do so, and a linear model then takes the praise for a sign that nothing is wrong. Joining a
text with one that settles nothing, under the first one's labels, teaches that it is none. What is
learnt is what both have, counted together: no pair of words that nobody wrote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triage.classifier.rows import Row
from triage.classifier.scores import Places

NEUTRAL = "other"
"""The label of texts in which nothing is to be settled, unless the trainer is told another."""

SHARE = 0.3
"""Of the texts that are joined. With all of them macro-F1 of files held out is 0.007 to 0.01 lower
and that of customers' own texts no higher; with none, the latter is lower (docs/classifier.md, What
each piece is worth)."""

_NEUTRAL_JOINED = 0.3  # of the neutral texts themselves, so that length says nothing by itself


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Lesson ``i`` is made of row ``owners[i]``, whose labels it has, and row ``partners[i]``."""

    owners: Places
    partners: Places

    def made_of(self, rows: Places, total: int) -> Places:
        """The lessons both texts of which are among ``rows`` (of ``total``)."""
        among = np.zeros(total, dtype=np.bool_)
        among[rows] = True
        return np.flatnonzero(among[self.owners] & among[self.partners])


def join(
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    neutral: str | None,
    seed: int,
    share: float = SHARE,
) -> Joined:
    """A ``share`` of the rows, drawn by chance, once beside a neutral one of their language.

    Neutral are rows whose first field is ``neutral`` and whose other fields are what such rows
    mostly have (no urgent ones). Nothing is joined where no row is neutral.
    """
    partners = _neutral(rows, fields, neutral)
    chance = np.random.default_rng(seed)
    owners, others = [], []
    for place, row in enumerate(rows):
        choice = partners.get(row.get("lang", ""), [])
        wanted = share * (_NEUTRAL_JOINED if row[fields[0]] == neutral else 1)
        if not choice or chance.random() >= wanted:
            continue
        owners.append(place)
        others.append(choice[int(chance.integers(len(choice)))])
    return Joined(
        owners=np.array(owners, dtype=np.intp),
        partners=np.array(others, dtype=np.intp),
    )


def _neutral(
    rows: Sequence[Row], fields: Sequence[str], neutral: str | None
) -> dict[str, list[int]]:
    """Places of the neutral rows by language."""
    first, *rest = fields
    places = [place for place, row in enumerate(rows) if row[first] == neutral]
    for field in rest:
        common = Counter(rows[place][field] for place in places).most_common(1)
        places = [place for place in places if rows[place][field] == common[0][0]]
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[rows[place].get("lang", "")].append(place)
    return found
