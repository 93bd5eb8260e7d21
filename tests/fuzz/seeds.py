"""What fuzzing starts from: sound small files of every kind, made on the spot.

Files of the shared corpus are added where it is present; none of it is ever kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.evidence import files
from triage.evidence.wire import begin_frame, end_frame, part_frame, preview_frame

_SHARED = Path(__file__).parents[3] / "shared" / "corpus" / "files"
MOST_BYTES = 64 * 1024  # of one input: walks are bound by sizes in headers, not by length
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "jpeg": ("jpg", "jpeg"),
    "png": ("png",),
    "gif": ("gif",),
    "riff": ("webp",),
    "bmp": ("bmp",),
    "tiff": ("tif", "tiff"),
    "movie": ("mp4", "mov"),
    "heif": ("heic", "heif", "avif"),
    "ebml": ("webm", "mkv"),
    "pdftail": ("pdf",),
    "pdf_actions": ("pdf",),
    "docx": ("docx",),
}
_WITH_ALL = ("signatures", "second", "stretches", "polyglot")

DICTIONARY = (
    *(b"\xff\xd8\xff", b"\xff\xd9", b"\xff\xda", b"\xff\xc0", b"\xff\xc4", b"\xff\xdd"),
    *(b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS", b"fcTL", b"fdAT", b"GIF89a", b"RIFF"),
    *(b"WEBP", b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANMF", b"II*\0", b"MM\0*", b"II+\0"),
    *(b"ftyp", b"meta", b"iloc", b"iinf", b"infe", b"iprp", b"ipco", b"ispe", b"ipma", b"pitm"),
    *(b"moov", b"mdat", b"moof", b"trak", b"hvcC", b"av1C", b"\x1a\x45\xdf\xa3"),
    *(b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75", b"\x16\x54\xae\x6b", b"\x01" + b"\xff" * 7),
    *(b"%PDF-1.7", b"%%EOF", b"startxref", b"1 0 obj", b"/JavaScript", b"/Launch", b"#4A"),
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"Rar!\x1a\x07", b"ustar", b"\x7fELF"),
    *(b"<script>", b"<?php ", b"http://consumer.oofd.kz/?i=", b"&f=", b"&s=", b"&t="),
    *(b"--limit\r\n", b"\r\n--limit--", b"Content-Disposition: form-data; name=", b"filename*="),
)


def seeds(target: str) -> Iterator[bytes]:
    """Ours first; what is larger than an input may be is left out."""
    own = _OWN.get(target)
    yield from own() if own else _files()
    if target in _WITH_ALL:
        yield from _shared([each for group in _ENDINGS.values() for each in group], every=7)
    elif target in _ENDINGS:
        yield from _shared(_ENDINGS[target], every=1)


def plant(target: str, folder: Path) -> int:
    """Write the seeds of a target into a folder; how many there are."""
    for each in seeds(target):
        (folder / hashlib.sha256(each).hexdigest()[:16]).write_bytes(each)
    return len(list(folder.iterdir()))


def write_dictionary(path: Path) -> None:
    """In the form that libFuzzer reads."""
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in each) + '"' for each in DICTIONARY)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _files() -> Iterator[bytes]:
    for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF"):
        yield files.picture(form)
        yield files.picture(form, (3, 5))
    yield files.picture("JPEG", progressive=True)
    yield files.picture("JPEG", restart_marker_blocks=2)
    yield files.picture("TIFF", big_tiff=True)
    yield files.picture("TIFF", compression="tiff_lzw")
    yield files.turned(6)
    for form in ("GIF", "WEBP", "PNG"):
        yield files.animation(form, 3)
    yield from (files.pdf(2), files.pdf(owner="a", user="b"), files.pdf_with_wrong_offsets())
    yield from (files.docx("word/media/a.png"), files.zipped())
    yield from (files.mp4(), files.webm(), files.webm(live=True))
    yield files.picture() + files.mp4()
    yield files.picture("PNG") + files.zipped()


def _parts_of_words() -> Iterator[bytes]:
    yield files.content_types()
    yield files.relations(("officeDocument", "word/document.xml"))
    yield files.relations(("attachedTemplate", "http://localhost/a.dotm"), external=True)
    field = b'<w:fldChar w:fldCharType="begin"/><w:instrText>DDE c</w:instrText>'
    yield b'<w:p xmlns:w="w">' + field + b"</w:p>"
    dated = b'<t:created x:type="dcterms:W3CDTF"/>'
    yield b'<c xmlns:x="x" xmlns:t="http://purl.org/dc/terms/">' + dated + b"</c>"


def _receipts() -> Iterator[bytes]:
    fields = b"?i=123456789012&f=010101234567&s=1500.00&t=20260922T224125"
    for place in (b"consumer.oofd.kz/", b"ofd1.kz/t", b"receipt.kaspi.kz/web/fiscal"):
        yield b"https://" + place + fields
    yield b"https://receipt.kaspi.kz/web?extTranId=QR1234567890"
    yield b"http://consumer.oofd.kz/ticket/01234567-89ab-cdef-0123-456789abcdef"
    yield b"2026-08-27 18:18:22.168302+05:00"


def _papers() -> Iterator[bytes]:
    yield "РНМ: 010101234567\nФП: 123456789\nИТОГО: 14 999,50\n15.11.2026 12:33:02".encode()
    yield "КТН/РНМ 010101234567 ФБ/ФП 123456789\nБАРЛЫҒЫ\n5000 ₸ 2026-11-15 12:33".encode()
    yield b"Reg. no 010101234567 Fiscal sign 123456789 TOTAL 14,999.50 VAT 1 607.09"


def _bodies() -> Iterator[bytes]:
    part = b'--limit\r\nContent-Disposition: form-data; name="a"; filename="b.jpg"\r\n\r\nwords'
    yield part + b"\r\n" + part + b"\r\n--limit--\r\n"
    yield b"preamble\r\n--limit\r\n\r\n--limit--"
    yield b"--limit \r\nA: b\r\n c\r\n\r\n\r\n--limi\r\n--limit--"


def _headers() -> Iterator[bytes]:
    yield b'form-data; name="file"; filename="a%22b.jpg"'
    yield b"form-data; name=file; filename*=UTF-8''%D1%84.jpg"
    yield b"form-data; filename*0*=windows-1251''%F4; filename*1=\"b.jpg\""


def _frames() -> Iterator[bytes]:
    first = begin_frame() + part_frame("image/png", [], {"width": 3}, {"pdq": "00"}) + end_frame()
    yield first
    yield first + begin_frame() + preview_frame(files.picture("JPEG", (3, 3))) + end_frame()


_OWN = {
    "words": _parts_of_words,
    "receipt": _receipts,
    "printed": _papers,
    "multipart": _bodies,
    "dispositions": _headers,
    "wire": _frames,
}


def _shared(endings: Iterable[str], every: int) -> Iterator[bytes]:
    if not _SHARED.is_dir():
        return
    found = sorted(each for end in endings for each in _SHARED.rglob(f"*.{end}"))
    for path in found[::every]:
        if path.stat().st_size <= MOST_BYTES:
            yield path.read_bytes()
