"""Does the PDF open, without a password, and can a person read its first page?

qpdf (through pikepdf) says what the structure is, PDFium draws the first page as a browser
would; where one of them gives up, so will somebody's reader.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

import pikepdf
import pypdfium2  # type: ignore[import-untyped] # it has no types
from pikepdf.jbig2 import JBIG2DecoderInterface
from pikepdf.jbig2 import set_decoder as set_jbig2_decoder
from PIL import Image

from triage.core.evidence import Finding, Level
from triage.evidence import pdf_actions
from triage.evidence.accepted import PDF
from triage.evidence.limits import Limits
from triage.evidence.opened import Opened
from triage.evidence.pdf_actions import Actions
from triage.evidence.structure import pdftail
from triage.evidence.structure.flaw import Fault

_HARMLESS = ("MediaBox is undefined", "output may still be valid")  # seen in good files
_READABLE_SIDE = 1600  # pixels: an A4 page at 136 dots an inch, more than a fax had
_POINTS_AN_INCH = 72
_NOTHING_TO_DRAW = ("pdf.no_pages", "pdf.too_many_pages", "pdf.page_too_large")


class _NoDecoder(JBIG2DecoderInterface):
    """In place of pikepdf's own, which would start a program: no child may do that."""

    def check_available(self) -> None:
        raise pikepdf.DependencyError("no JBIG2 decoder in here")

    def decode_jbig2(self, jbig2: bytes, jbig2_globals: bytes) -> bytes:
        raise pikepdf.DependencyError("no JBIG2 decoder in here")


def prepare() -> None:
    """Loading this module has loaded both libraries; qpdf shall not write to any log."""
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    set_jbig2_decoder(_NoDecoder())
    _drawn(pypdfium2.PdfDocument(_one_line())[0], Limits())


def _one_line() -> bytes:
    """A page with a line in a font that it does not bring along.

    Drawing it once, in the zygote, makes PDFium look for the system's fonts: 40 ms that no
    child has to spend again.
    """
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(100, 100))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(b"BT /F1 12 Tf 10 50 Td (Triage) Tj ET")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def check(opened: Opened) -> Iterator[Finding]:
    """Sets pages and the first page, drawn."""
    if opened.media_type != PDF:
        return
    warnings.simplefilter("ignore")  # pikepdf tells that it lacks a decoder for JBIG2
    try:
        with pikepdf.open(opened.stream(), suppress_warnings=True) as document:
            findings = list(_structure(document, opened))
    except pikepdf.PasswordError:
        yield Finding(code="pdf.encrypted", level=Level.NOTE)
        yield Finding(code="pdf.needs_password", level=Level.UNUSABLE)
        return
    except MemoryError:
        raise
    except Exception:  # PdfError, and whatever a damaged object tree makes Python raise
        yield _unreadable(opened)
        yield from pdf_actions.in_bytes(opened.content).findings()
        return
    if all(each.code not in _NOTHING_TO_DRAW for each in findings):
        undrawn = list(_first_page(opened))
        known = {each.code for each in undrawn}
        findings = [*(each for each in findings if each.code not in known), *undrawn]
    yield from findings


def _unreadable(opened: Opened) -> Finding:
    """A cut is told apart from other damage: its cure is to send the whole file."""
    code = "pdf.truncated" if Fault.CUT in _tail(opened) else "pdf.corrupt"
    return Finding(code=code, level=Level.UNUSABLE)


def _tail(opened: Opened) -> dict[Fault, int | None]:
    return {flaw.fault: flaw.measured for flaw in pdftail.flaws(opened)}


def _structure(document: pikepdf.Pdf, opened: Opened) -> Iterator[Finding]:
    if document.is_encrypted:  # under an empty password: everybody can read it
        yield Finding(code="pdf.encrypted", level=Level.NOTE)
    yield from _pages(document, opened)
    actions = _actions(document, opened)
    yield from actions.findings()
    yield from _damage(document, opened, malformed=actions.malformed)


def _pages(document: pikepdf.Pdf, opened: Opened) -> Iterator[Finding]:
    limits = opened.limits
    pages = len(document.pages)
    opened.signals["pages"] = str(pages)
    opened.facts["pages"] = pages
    if pages == 0:
        yield Finding(code="pdf.no_pages", level=Level.UNUSABLE)
    elif pages > limits.pages:
        yield Finding(
            code="pdf.too_many_pages", level=Level.UNUSABLE, measured=pages, limit=limits.pages
        )
    else:
        longest = max(_longest_side(page) for page in document.pages)
        if longest > limits.page_points:
            yield _page_too_large(longest, limits)


def _actions(document: pikepdf.Pdf, opened: Opened) -> Actions:
    """What the objects say; what only the plain bytes say is a remainder, not a danger."""
    try:
        actions = pdf_actions.in_objects(document)
    except MemoryError:
        raise
    except Exception:  # an object that cannot be resolved
        return pdf_actions.in_bytes(opened.content)
    if not (actions.runs or actions.asks):
        remains = pdf_actions.in_bytes(opened.content)
        actions.asks |= remains.runs | remains.asks
    return actions


def _damage(document: pikepdf.Pdf, opened: Opened, *, malformed: bool) -> Iterator[Finding]:
    tail = _tail(opened)
    if Fault.CUT in tail:
        yield Finding(code="pdf.truncated", level=Level.WEAK)
    elif malformed or Fault.BROKEN in tail or _complaints(document):
        yield Finding(code="pdf.damaged", level=Level.WEAK)
    if Fault.TRAILING in tail:
        yield Finding(code="pdf.trailing_data", level=Level.NOTE, measured=tail[Fault.TRAILING])


def _complaints(document: pikepdf.Pdf) -> list[str]:
    """What qpdf had to mend, or found while reading every stream, and that matters."""
    said: list[str] = []
    try:
        said += document.check_pdf_syntax()
    except MemoryError:
        raise
    except Exception as error:  # a stream or a page that cannot be parsed at all
        said.append(type(error).__name__)
    said += (str(each) for each in document.get_warnings())
    return [each for each in said if not any(words in each for words in _HARMLESS)]


def _longest_side(page: pikepdf.Page) -> float:
    """In points; 0 when the page has no box that can be read."""
    with contextlib.suppress(Exception):
        left, bottom, right, top = (float(each) for each in page.mediabox)
        unit = float(page.obj.get("/UserUnit", 1))
        return max(abs(right - left), abs(top - bottom)) * unit
    return 0.0


def _page_too_large(points: float, limits: Limits) -> Finding:
    """Inches are what people know; 72 points make one."""
    return Finding(
        code="pdf.page_too_large",
        level=Level.UNUSABLE,
        measured=round(points / _POINTS_AN_INCH),
        limit=limits.page_points // _POINTS_AN_INCH,
    )


def _first_page(opened: Opened) -> Iterator[Finding]:
    try:
        document = pypdfium2.PdfDocument(opened.content)
        picture = _drawn(document[0], opened.limits)
    except MemoryError:
        raise
    except Exception as error:  # PdfiumError and its kin
        if "password" in str(error).lower():  # qpdf may open what no reader does
            yield Finding(code="pdf.needs_password", level=Level.UNUSABLE)
        else:
            yield _unreadable(opened)
        return
    opened.page = picture


def draw(opened: Opened, number: int) -> None:
    """Set ``opened.page`` of a PDF that was judged before, the first being 1.

    Raises whatever PDFium raises, ValueError.
    """
    if opened.media_type != PDF:
        return
    document = pypdfium2.PdfDocument(opened.content)
    if not 1 <= number <= len(document):
        raise ValueError("no such page")
    page = document[number - 1]
    if max(page.get_size()) > opened.limits.page_points:
        raise ValueError("a page too large")
    opened.page = _drawn(page, opened.limits)


def _drawn(page: pypdfium2.PdfPage, limits: Limits) -> Image.Image:
    longest = max(*page.get_size(), 1.0)
    side = min(limits.preview_side, _READABLE_SIDE)
    # Four bytes a point, in Pillow's own order: then nothing is copied on the way to the JPEG.
    bitmap = page.render(
        scale=side / longest, may_draw_forms=False, prefer_bgrx=True, rev_byteorder=True
    )
    picture: Image.Image = bitmap.to_pil()
    return picture
