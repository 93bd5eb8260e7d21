"""Pictures that look alike: an index over their 256-bit hashes that does not mind their number.

Two hashes count as one picture up to ``NEAR`` different bits. The 256 bits are cut into 10 bands
of 25 or 26, twice, along different lines; each band of each picture is a row. A picture is
looked for in each of the 20 bands by its own bits and by those with any one bit turned over:
532 places.

What is found. Of 10 bands, one has at most one wrong bit as long as 19 or fewer are wrong in
all: up to that distance nothing is ever missed. Beyond, by counting the ways in which wrong
bits fall into bands, 99.9 % at 27 and 98.4 % at 31 are found (``tests/store/test_pictures.py``
counts them anew). Wider bands would find less, narrower ones more of what is not alike: a
stored picture that has nothing to do with the one looked for shares a place with it with a
chance of 20 * 26.6 / 2^25.6, so a million of them hand over 11 candidates and ten thousand
hand over none; candidates are compared bit by bit. All else is 532 descents into a tree.

Where thousands keep one picture of a catalogue, a band hands over its first ``ENOUGH``
pictures and no more, which bounds the time; what is counted is then "at least".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ForeignKey,
    LargeBinary,
    Select,
    bindparam,
    insert,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from triage.store.tables import Base

BITS = 256
NEAR = 31  # different bits at most: what PDQ's authors hold to be the same picture
ENOUGH = 64  # pictures that one band hands over
MOST = 200  # likenesses that are read at once, in each direction

_BANDS = 10
_CUTS = (19, 105)  # strides: bands of one cut share at most 3 bits with those of the other
_PLACES = tuple(
    tuple(cut * place % BITS for place in range(band * BITS // _BANDS, (band + 1) * BITS // _BANDS))
    for cut in _CUTS
    for band in range(_BANDS)
)
"""The bits of every band."""

_WIDEST = 26  # bits of a band


class Picture(Base):
    """The hash of one file's picture. It goes when the file goes."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[str] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), unique=True
    )
    pdq: Mapped[bytes] = mapped_column(LargeBinary(BITS // 8))


class PictureBand(Base):
    """One band of one picture: ``bucket`` is the band's number before the band's bits."""

    __tablename__ = "picture_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 # as SQLAlchemy spells it

    bucket: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    picture_id: Mapped[int] = mapped_column(
        ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Likeness(Base):
    """Two files whose pictures are alike, as the search for the first one found them."""

    __tablename__ = "likenesses"

    evidence_id: Mapped[str] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[str] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    distance: Mapped[int]  # different bits


class Alike(NamedTuple):
    """A stored picture within ``NEAR`` of the one looked for."""

    evidence_id: str
    distance: int  # different bits, 0 to NEAR


def keep(session: Session, hashes: Mapping[str, int]) -> None:
    """Put the pictures of these files (evidence id to hash) into the index; once is enough.

    Other processes see them when the session commits.
    """
    if not hashes:
        return
    rows = [
        {"evidence_id": evidence_id, "pdq": pdq.to_bytes(BITS // 8)}
        for evidence_id, pdq in hashes.items()
    ]
    added = session.execute(
        _dialect(session)
        .insert(Picture)
        .on_conflict_do_nothing(index_elements=[Picture.evidence_id])
        .returning(Picture.id, Picture.pdq),
        rows,
    ).all()
    places = sorted(  # neighbours in the tree are quicker one after the other
        (bucket, picture_id) for picture_id, pdq in added for bucket in buckets(int.from_bytes(pdq))
    )
    if places:
        bands = [{"bucket": bucket, "picture_id": picture_id} for bucket, picture_id in places]
        session.execute(insert(PictureBand), bands)


def link(session: Session, evidence_id: str, found: Iterable[Alike]) -> None:
    """Write down which pictures were found alike; each pair once."""
    rows = [
        {"evidence_id": evidence_id, "other_id": each.evidence_id, "distance": each.distance}
        for each in found
        if each.evidence_id != evidence_id
    ]
    if rows:
        session.execute(_dialect(session).insert(Likeness).on_conflict_do_nothing(), rows)


def linked(session: Session, evidence_ids: Collection[str]) -> list[tuple[str, Alike]]:
    """The files of others that were found alike to these, or these to them."""
    if not evidence_ids:
        return []
    there = select(
        Likeness.evidence_id.label("mine"), Likeness.other_id.label("other"), Likeness.distance
    ).where(Likeness.evidence_id.in_(evidence_ids))
    back = select(
        Likeness.other_id.label("mine"), Likeness.evidence_id.label("other"), Likeness.distance
    ).where(Likeness.other_id.in_(evidence_ids))
    both = (select(each.limit(MOST).subquery()) for each in (there, back))
    rows = session.execute(union_all(*both))
    return [(mine, Alike(other, distance)) for mine, other, distance in rows]


def alike(session: Session, hashes: Iterable[int]) -> list[Alike]:
    """The stored pictures near to any of these hashes, which are one picture's; nearest first."""
    nearest: dict[str, int] = {}
    for pdq in hashes:
        places = {f"band_{band}": around for band, around in enumerate(_around(pdq))}
        for evidence_id, stored in session.execute(_CANDIDATES, places):
            distance = (int.from_bytes(stored) ^ pdq).bit_count()
            if distance <= min(NEAR, nearest.get(evidence_id, NEAR)):
                nearest[evidence_id] = distance
    found = (Alike(evidence_id, distance) for evidence_id, distance in nearest.items())
    return sorted(found, key=lambda each: (each.distance, each.evidence_id))


def _dialect(session: Session) -> Any:
    """Whose "on conflict do nothing" it is; both databases spell it alike."""
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql


def buckets(pdq: int) -> list[int]:
    """The 20 places of a picture in the index."""
    spelt = f"{pdq:0{BITS}b}"
    return [
        band << _WIDEST | int("".join(spelt[place] for place in places), 2)
        for band, places in enumerate(_PLACES)
    ]


def _around(pdq: int) -> Sequence[list[int]]:
    """Each band's own place and those one bit away."""
    return [
        [bucket, *(bucket ^ 1 << bit for bit in range(len(places)))]
        for bucket, places in zip(buckets(pdq), _PLACES, strict=True)
    ]


def _of_band(band: int) -> Select[int]:
    wanted: BindParameter[list[int]] = bindparam(f"band_{band}", expanding=True)
    chosen = select(PictureBand.picture_id).where(PictureBand.bucket.in_(wanted)).limit(ENOUGH)
    return select(chosen.subquery().c.picture_id)


_CANDIDATES = select(Picture.evidence_id, Picture.pdq).where(
    Picture.id.in_(union_all(*(_of_band(band) for band in range(len(_PLACES)))))
)
