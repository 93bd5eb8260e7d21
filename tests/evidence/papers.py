"""Receipts on paper: PDFs whose text can be read, with or without a QR code beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import zxingcpp

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
%d beginbfrange
%s
endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def receipt_pdf(lines: Sequence[str], code: str | None = None, *, page: int = 0) -> bytes:
    """The lines in a font whose letters are numbered as in Unicode; the code is drawn below.

    ``page`` empty pages come first.
    """
    document = pikepdf.new()
    for _ in range(page):
        document.add_blank_page(page_size=(400, 600))
    sheet = document.add_blank_page(page_size=(400, 600))
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=_font(document)))
    drawn = b"".join(
        b"BT /F1 12 Tf 20 %d Td <%s> Tj ET\n"
        % (570 - 16 * row, line.encode("utf-16-be").hex().encode())
        for row, line in enumerate(lines)
    )
    if code is not None:
        resources.XObject = pikepdf.Dictionary(Q=_code(document, code))
        drawn += b"q 200 0 0 200 100 40 cm /Q Do Q\n"
    sheet.Resources = resources
    sheet.Contents = document.make_stream(drawn)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _font(document: pikepdf.Pdf) -> pikepdf.Object:
    rows = [b"<%02X00> <%02XFF> <%02X00>" % (high, high, high) for high in range(0x100)]
    # A table of CMap holds at most 100 rows; Cyrillic and the tenge are all that is needed.
    rows = [rows[high] for high in (0x00, 0x04, 0x20, 0x21)]
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name.DejaVuSans,
        Flags=4,
        FontBBox=[0, -200, 1000, 900],
        ItalicAngle=0,
        Ascent=900,
        Descent=-200,
        CapHeight=700,
        StemV=80,
    )
    letters = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name.DejaVuSans,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        DW=600,
    )
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name.DejaVuSans,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(letters)],
            ToUnicode=document.make_stream(_TO_UNICODE % (len(rows), b"\n".join(rows))),
        )
    )


def _code(document: pikepdf.Pdf, text: str) -> pikepdf.Object:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)
    height, width = drawn.shape[:2]
    picture = document.make_stream(bytes(drawn))  # type: ignore[call-overload] # a buffer
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height = width, height
    picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    return picture
