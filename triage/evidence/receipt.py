"""The receipt on a proof of purchase: what its QR code says, what is printed, do they agree?

Looked for in the copy of a picture and on the first pages of a PDF, in a few ways when the first
look finds nothing. The address in the code is read and never fetched; the text of a page is read
for its fields and forgotten. Whether sum and time fit the order, and whether the receipt was
used before, is for those who know the order and the other cases: the signals hold what they need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped] # it has no types
import zxingcpp
from PIL import Image, ImageFilter

from triage.core import printed
from triage.core.evidence import EvidenceKind, Finding, Level
from triage.core.printed import Printed
from triage.core.receipt import Malformed, Receipt, UnknownHost, read
from triage.evidence.accepted import JPEG, PDF
from triage.evidence.opened import Opened
from triage.evidence.paper import printed_signal, text_read

Said = Receipt | UnknownHost | Malformed | None

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LOCAL, _GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
_MOST = 8  # codes: a till roll has one, a page of several receipts a few
_HOST = re.compile(r"[a-z0-9.:-]{1,80}")
_PAGES = 3  # of a document: a receipt is on the first one, or behind a letter
_PAGE_SIDE = 2400  # pixels, for a second look at pages: 200 dots an inch on A4
_SHEET = 850  # points: A4 has 842; on longer paper a code is drawn smaller
_IMAGES = (pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,)
_SMALL_SIDE = 700  # pixels: a cut-out or a picture from a messenger, worth enlarging
_WORTH_A_LARGER_LOOK = 1.3  # times as wide as the copy


def prepare() -> None:
    """Read nothing once, so that nothing is loaded late."""
    texts(Image.new("L", (64, 64), "white"))


def check(opened: Opened) -> Iterator[Finding]:
    """Of proofs of purchase that can be looked at; other files say nothing here.

    Sets the signals ``receipt`` and ``printed``.
    """
    if opened.kind is not EvidenceKind.PURCHASE_PROOF or opened.visible is None:
        return
    said = [read(text) for text in _codes(opened)]
    receipts = [each for each in said if isinstance(each, Receipt) and each.is_complete]
    text = _text(opened) if opened.media_type == PDF else ""
    paper = printed.read(text)
    if receipts:
        opened.signals["receipt"] = ";".join(_signal(each) for each in receipts)
    if paper.is_receipt:
        opened.signals["printed"] = printed_signal(paper)
    yield from findings_of(said, is_text=not receipts and paper.is_receipt)
    if receipts:
        yield from _disagreement(text, paper, receipts)
    elif paper.is_receipt:
        yield text_read(paper)


# --- codes --------------------------------------------------------------------------------


def _codes(opened: Opened) -> list[str]:
    """Looked for in one picture after the other while nothing is found."""
    looks = _in_picture(opened, opened.shown) if opened.shown else _in_document(opened)
    return next((found for found in looks if found), [])


def _in_picture(opened: Opened, shown: Image.Image) -> Iterator[list[str]]:
    """In the copy; in a photo that is much larger, in the original too."""
    yield texts(shown.convert("L"))
    if opened.media_type == JPEG:
        original = Image.open(opened.stream(), formats=("JPEG",))
        if max(original.size) > max(shown.size) * _WORTH_A_LARGER_LOOK:
            original.draft("L", original.size)
            yield texts(original.convert("L"))


def _in_document(opened: Opened) -> Iterator[list[str]]:
    """In the drawn first page; then larger on each of the first ones.

    What a program has drawn is clean, and one look is enough: only scans need more.
    """
    if opened.page is None:
        return
    yield _once(opened.page.convert("L"), _LOCAL)
    with pypdfium2.PdfDocument(opened.content) as document:
        for number in range(min(_PAGES, len(document))):
            page = document[number]
            is_scan = next(page.get_objects(filter=_IMAGES, max_depth=2), None) is not None
            if number == 0 and not is_scan and max(page.get_size()) <= _SHEET:
                continue
            drawn = _drawn(page)
            yield texts(drawn) if is_scan else _once(drawn, _LOCAL)


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    scale = _PAGE_SIDE / max(*page.get_size(), 1.0)
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False, grayscale=True).to_pil()
    return picture


def _once(grey: Image.Image, binarizer: zxingcpp.Binarizer) -> list[str]:
    codes = zxingcpp.read_barcodes(
        grey, formats=_QR, text_mode=zxingcpp.TextMode.Plain, binarizer=binarizer
    )
    return list(dict.fromkeys(each.text for each in codes))[:_MOST]


def texts(grey: Image.Image) -> list[str]:
    """What the QR codes in it say, each once, in the order of finding.

    One look finds most. Further ones are for worn print, soft focus and pictures of a screen;
    each costs less than the first, and they end with the first success.
    """
    looks = (_once(picture, binarizer) for picture, binarizer in _looks(grey))
    return next((found for found in looks if found), [])


def _looks(grey: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    yield grey, _LOCAL
    width, height = grey.size
    half = grey.reduce(2) if min(grey.size) >= 2 else grey
    yield half, _GLOBAL  # one threshold for the whole picture: even light, noisy print
    yield half.filter(ImageFilter.MedianFilter(3)), _LOCAL
    if max(grey.size) <= _SMALL_SIDE:
        larger = grey.resize((width * 2, height * 2), Image.Resampling.BICUBIC)
        yield larger, _GLOBAL
        yield larger.filter(ImageFilter.GaussianBlur(2)), _LOCAL
    yield half.rotate(45, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR), _LOCAL


# --- paper --------------------------------------------------------------------------------


def _text(opened: Opened) -> str:
    """Of the first pages, bounded; nothing where PDFium cannot tell."""
    parts: list[str] = []
    try:
        with pypdfium2.PdfDocument(opened.content) as document:
            for page in range(min(_PAGES, len(document))):
                here = document[page].get_textpage()
                count = min(here.count_chars(), printed.LONGEST)
                parts.append(here.get_text_range(0, count) if count > 0 else "")
    except pypdfium2.PdfiumError:
        pass
    return "\n".join(parts)[: printed.LONGEST]


def _disagreement(text: str, paper: Printed, receipts: list[Receipt]) -> Iterator[Finding]:
    """Between the paper and its own code; several codes are several receipts on one paper."""
    differences = [printed.differing(text, paper, each) for each in receipts]
    if all(differences):
        fewest = min(differences, key=lambda each: len(each))
        yield Finding(code="receipt.print_mismatch", level=Level.WEAK, measured=", ".join(fewest))


# --- findings -----------------------------------------------------------------------------


def findings_of(said: list[Said], *, is_text: bool = False) -> Iterator[Finding]:
    """Receipts, if there are any: beside one, a shop's own code is nothing to look at.

    ``is_text`` when the receipt was read from its print instead.
    """
    receipts = [each for each in said if isinstance(each, Receipt)]
    for receipt in receipts:
        yield _complete(receipt) if receipt.is_complete else _link(receipt)
    for each in said:
        if isinstance(each, Malformed):
            yield Finding(code="receipt.malformed", level=Level.WEAK, measured=each.part)
        elif isinstance(each, UnknownHost) and not receipts and not is_text:
            host = each.host if _HOST.fullmatch(each.host) else "?"
            yield Finding(code="receipt.unknown_host", level=Level.WEAK, measured=host)
    if all(each is None for each in said) and not is_text:
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


def _signal(receipt: Receipt) -> str:
    assert receipt.issued_at is not None
    when = receipt.issued_at.isoformat(sep=" ", timespec="seconds")
    fields = (receipt.operator, receipt.till, receipt.fiscal_sign, str(receipt.amount), when)
    return "|".join(each or "" for each in fields)


def _link(receipt: Receipt) -> Finding:
    return Finding(
        code="receipt.link_only",
        level=Level.NOTE,
        detail={"operator": receipt.operator, "reference": receipt.reference},
    )
