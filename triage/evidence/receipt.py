"""The QR code on a proof of purchase: is it a fiscal receipt's, and what does it say?

Looked for in the copy of a picture and in the drawn first page of a PDF. The address in the
code is read and never fetched. Whether sum and time fit the order, and whether the receipt was
used before, is for those who know the other cases: ``detail`` holds what they need.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import zxingcpp
from PIL import Image

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.core.receipt import Malformed, Receipt, UnknownHost, read
from triage.evidence.opened import Opened

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_MOST = 8  # codes: a till roll has one, a page of several receipts a few
_HOST = re.compile(r"[a-z0-9.:-]{1,80}")


def prepare() -> None:
    """Read nothing once, so that nothing is loaded late."""
    _texts(Image.new("L", (64, 64), "white"))


def check(opened: Opened) -> Iterator[Finding]:
    """Of proofs of purchase that can be looked at; other files say nothing here."""
    if opened.kind is not EvidenceKind.PURCHASE_PROOF:
        return
    picture = opened.shown
    if picture is None and opened.preview is not None:  # the first page of a document
        picture = Image.open(io.BytesIO(opened.preview), formats=("JPEG",))
    if picture is not None:
        yield from findings_of([read(text) for text in _texts(picture.convert("L"))])


def _texts(grey: Image.Image) -> list[str]:
    """What the QR codes in it say, each once, in the order of finding."""
    codes = zxingcpp.read_barcodes(grey, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
    return list(dict.fromkeys(each.text for each in codes))[:_MOST]


def findings_of(
    said: list[Receipt | UnknownHost | Malformed | None],
) -> Iterator[Finding]:
    """Receipts, if there are any: beside one, a shop's own code is nothing to look at."""
    receipts = [each for each in said if isinstance(each, Receipt)]
    for receipt in receipts:
        yield _complete(receipt) if receipt.is_complete else _link(receipt)
    for each in said:
        if isinstance(each, Malformed):
            yield Finding(code="receipt.malformed", level=Level.WEAK, measured=each.part)
        elif isinstance(each, UnknownHost) and not receipts:
            host = each.host if _HOST.fullmatch(each.host) else "?"
            yield Finding(code="receipt.unknown_host", level=Level.WEAK, measured=host)
    if all(each is None for each in said):
        yield Finding(code="receipt.not_read", level=Level.NOTE)


def _complete(receipt: Receipt) -> Finding:
    """Sign and till are numbers of the till, not of a person."""
    assert receipt.issued_at is not None
    return Finding(
        code="receipt.qr_read",
        level=Level.NOTE,
        detail={
            "operator": receipt.operator,
            "sum": str(receipt.amount),
            "time": receipt.issued_at.isoformat(sep=" ", timespec="seconds"),
            "fiscal_sign": receipt.fiscal_sign,
            "till": receipt.till,
        },
    )


def _link(receipt: Receipt) -> Finding:
    return Finding(
        code="receipt.link_only",
        level=Level.NOTE,
        detail={"operator": receipt.operator, "reference": receipt.reference},
    )
