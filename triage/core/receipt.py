"""What the QR code of a Kazakh fiscal receipt says, read from its text alone.

The code holds an address at the operator of fiscal data, who passed the receipt on to the tax
body. The address is only ever read: whether the receipt exists could be learnt by fetching it,
and an address that a stranger sent is never fetched. Patterns: public code and tests of 2022 to
2026 for each operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the address of a receipt tells.

    ``amount`` is in tenge, ``issued_at`` aware. ``fiscal_sign`` and ``till`` (its registration
    number) together are unique for every receipt; an address that holds none of these four has
    a ``reference`` of the operator's own, or only leads there.
    """

    operator: str
    fiscal_sign: str | None = None
    till: str | None = None
    amount: Decimal | None = None
    issued_at: datetime | None = None
    reference: str | None = None

    @property
    def is_complete(self) -> bool:
        """Does it hold the fields themselves, not only a link to them?"""
        return self.fiscal_sign is not None


@dataclass(frozen=True)
class UnknownHost:
    """A web address, but of nobody who keeps receipts."""

    host: str


@dataclass(frozen=True)
class Malformed:
    """An operator's address, but not as the operator writes them; ``part`` is what is wrong.

    One of ``address``, ``i`` (the fiscal sign), ``f`` (the till), ``s`` (the sum), ``t`` (the
    time).
    """

    part: str


@dataclass(frozen=True, kw_only=True)
class _Place:
    """An operator's host: under which paths the fields stand, and which paths only lead there."""

    operator: str
    with_fields: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


_KAZAKHTELECOM = "Kazakhtelecom"
_JUSAN = "Jusan Mobile"
_TRANSTELECOM = "Transtelecom"
_WOFD = "WOFD"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

PLACES: Mapping[str, _Place] = MappingProxyType(
    {
        "consumer.oofd.kz": _Place(
            operator=_KAZAKHTELECOM, with_fields=("",), links=(rf"/ticket/({_UUID})",)
        ),
        "consumer.kofd.kz": _Place(operator=_JUSAN, with_fields=("",)),
        "cabinet.kofd.kz": _Place(operator=_JUSAN, with_fields=("/consumer",)),
        "ofd1.kz": _Place(operator=_TRANSTELECOM, with_fields=("/t",)),
        "87.255.215.96": _Place(operator=_TRANSTELECOM, with_fields=("/t",)),
        "consumer.wofd.kz": _Place(operator=_WOFD, with_fields=("",)),
        "cabinet.wofd.kz": _Place(operator=_WOFD, with_fields=("/consumer",)),
        "receipt.kaspi.kz": _Place(
            operator="Kaspi", with_fields=("/web/fiscal",), links=("/web", "/web/self-employed")
        ),
        "esb.kgd.gov.kz": _Place(operator="KGD", links=("/taxpay-check-core/get-check-report",)),
        "4ek.kz": _Place(operator="4ek.kz", links=(r"/([A-Za-z0-9_-]{1,64})",)),
    }
)
"""By exact host. A sub-domain, or a name that only looks like one of these, is another host."""

_LONGEST = 1000  # characters; the longest address seen has 130
_PRINTABLE = re.compile(r"[ -~]+")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_PORTS = (None, 80, 443)
_SIGN = re.compile(r"[0-9]{9,12}")
_TILL = re.compile(r"[0-9]{12}")
_SUM = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_COMPACT = re.compile(r"[0-9]{8}T[0-9]{6}")
_SPELLED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(Z|[ +-][0-9]{2}:?[0-9]{2})?"
)
_PAYMENT = re.compile(r"QR[0-9]{10,11}")
_ONE_ZONE = datetime(2024, 2, 29, 18, tzinfo=UTC)  # the clocks of Almaty: UTC+6 before, +5 since
_BEFORE, _SINCE = timezone(timedelta(hours=6)), timezone(timedelta(hours=5))
ALMATY_NOW = _SINCE
"""What the clocks of the whole country say since March 2024."""


def read(text: str) -> Receipt | UnknownHost | Malformed | None:
    """The text of a QR code as a receipt; None when it is no web address at all."""
    text = text.strip()
    if not _WEB.match(text):
        return None
    address = _split(text)
    if address is None:
        return Malformed("address")
    host = address.hostname or ""
    place = PLACES.get(host)
    if place is None:
        return UnknownHost(host)
    if "@" in address.netloc or _port_of(address) not in _PORTS:
        return Malformed("address")
    return _at(place, address)


def _split(text: str) -> SplitResult | None:
    """None for what two readers could read as two different hosts."""
    if len(text) > _LONGEST or not _PRINTABLE.fullmatch(text) or "\\" in text:
        return None
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    return None if " " in address.netloc + address.path else address


def _port_of(address: SplitResult) -> int | None:
    try:
        return address.port
    except ValueError:
        return -1


def _at(place: _Place, address: SplitResult) -> Receipt | Malformed:
    path = address.path.rstrip("/")
    fields = _fields(address.query)
    if fields is None:
        return Malformed("address")
    if path.lower() in place.with_fields:
        return _with_fields(place.operator, fields)
    for pattern in place.links:
        if found := re.fullmatch(pattern, path):
            reference = found[1] if found.groups() else _payment(fields)
            return Receipt(operator=place.operator, reference=reference)
    return Malformed("address")


def _fields(query: str) -> dict[str, str] | None:
    """By name in lower case; None when one is given twice: readers differ on which counts."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=30)
    except ValueError:
        return None
    fields = {name.lower(): value for name, value in pairs}
    return fields if len(fields) == len(pairs) else None


def _payment(fields: Mapping[str, str]) -> str | None:
    number = fields.get("exttranid", "")
    return number if _PAYMENT.fullmatch(number) else None


def _with_fields(operator: str, fields: Mapping[str, str]) -> Receipt | Malformed:
    sign, till, amount = (fields.get(name, "") for name in "ifs")
    for name, value, pattern in (("i", sign, _SIGN), ("f", till, _TILL), ("s", amount, _SUM)):
        if not pattern.fullmatch(value):
            return Malformed(name)
    if not Decimal(amount):
        return Malformed("s")
    issued_at = moment(fields.get("t", ""))
    if issued_at is None:
        return Malformed("t")
    return Receipt(
        operator=operator,
        fiscal_sign=sign,
        till=till,
        amount=Decimal(amount),
        issued_at=issued_at,
    )


def moment(text: str) -> datetime | None:
    """``20210922T224125`` or ``2026-08-27 18:18:22.168302[+05:00]``; local time without a zone."""
    try:
        if _COMPACT.fullmatch(text):
            return _local(datetime.fromisoformat(text))
        if found := _SPELLED.fullmatch(text):
            day, clock, fraction, zone = found.groups(default="")
            # An unescaped plus arrives as a space.
            stamp = f"{day}T{clock}.{fraction[:6]:0<6}{zone.replace(' ', '+')}"
            when = datetime.fromisoformat(stamp)
            return when if zone else _local(when)
    except (ValueError, OverflowError):  # a month of 40 days, an offset of 99 hours
        return None
    return None


def _local(naive: datetime) -> datetime:
    """A wall clock in Almaty; in the hour that was there twice, the later one is meant."""
    since = naive.replace(tzinfo=_SINCE)
    return since if since >= _ONE_ZONE else naive.replace(tzinfo=_BEFORE)
