"""Small files of every kind, made on the spot: sound ones, and ways to damage them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

import pikepdf
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" + bytes(200)
PLAYLIST = b"#EXTM3U\n#EXTINF:10,\nhttp://localhost/one.ts\n"
SHELL = b"#!/bin/sh\nrm -rf /\n"


def noise(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Grain, so that compressed data is long enough to be cut anywhere."""
    return Image.effect_noise(size, 80).convert(mode)


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **how: object) -> bytes:
    """One still picture."""
    out = io.BytesIO()
    noise(size).save(out, form, **how)
    return out.getvalue()


def animation(form: str, frames: int, size: tuple[int, int] = (8, 8)) -> bytes:
    """So many frames, each of another colour (equal ones would be merged)."""
    shades = [Image.new("RGB", size, (each * 83 % 256, each, 9)) for each in range(frames)]
    out = io.BytesIO()
    how = {"lossless": True} if form == "WEBP" else {}
    shades[0].save(out, form, save_all=True, append_images=shades[1:], duration=40, **how)
    return out.getvalue()


def turned(orientation: int) -> bytes:
    """A JPEG, 64 by 48, whose camera says that it was held otherwise."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x8298] = "the photographer's name"
    return picture("JPEG", exif=exif, comment=b"a secret place")


def huge_png(side: int) -> bytes:
    """A few bytes that claim to be a square of this side."""
    small = picture("PNG")
    header = small[12:16] + struct.pack(">II", side, side) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def huge_webp() -> bytes:
    """A few bytes that claim the largest canvas of WebP, 16384 squared."""
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\x3f\x00" * 2
    body = b"WEBP" + extended + picture("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(pages: int = 1, *, side: int = 300, **encryption: str) -> bytes:
    """Blank pages; with ``user`` and ``owner``, under these passwords."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page().obj.MediaBox = [0, 0, side, side]
    out = io.BytesIO()
    how = pikepdf.Encryption(**encryption) if encryption else False  # type: ignore[arg-type]
    document.save(out, encryption=how)
    return out.getvalue()


def pdf_with_wrong_offsets() -> bytes:
    """What a text editor leaves behind: readable once the table of objects is rebuilt."""
    whole = pdf()
    at = whole.rindex(b"startxref")
    return whole[:at] + b"startxref\n7\n%%EOF\n"


def zipped(names: Iterable[str] = ("note.txt",), content: bytes = b"hello") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


WORD_PARTS = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
_OOXML = "http://schemas.openxmlformats.org"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def content_types(main: str = _MAIN_TYPE) -> bytes:
    """The list of parts of a document."""
    override = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    return f'<Types xmlns="{_OOXML}/package/2006/content-types">{override}</Types>'.encode()


def relations(*kinds_and_targets: tuple[str, str], external: bool = False) -> bytes:
    """A part of relations; the kind is the last word of the type."""
    mode = ' TargetMode="External"' if external else ""
    lines = (
        f'<Relationship Id="r{number}" Type="{_OOXML}/officeDocument/2006/relationships/{kind}"'
        f' Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(kinds_and_targets)
    )
    space = f"{_OOXML}/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'.encode()


def docx(*more: str, content: bytes = b"<xml/>", parts: dict[str, bytes] | None = None) -> bytes:
    """A document; ``more`` parts with ``content``, and ``parts`` with their own."""
    own = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        **dict.fromkeys(("word/document.xml", *more), content),
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in own.items():
            archive.writestr(name, held)
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """One box of an ISO base media file."""
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(brand: bytes = b"isom") -> bytes:
    """The skeleton of a film: brand, index with one track, some content."""
    start = box(b"ftyp", brand + bytes(4) + b"mp41")
    index = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"tkhd", bytes(84))))
    return start + index + box(b"mdat", bytes(range(256)) * 8)


def element(name: str, content: bytes = b"", *, size: bytes | None = None) -> bytes:
    """One element of an EBML file; ``size`` in place of the true one."""
    length = size or (0x10000000 | len(content)).to_bytes(4, "big")
    return bytes.fromhex(name) + length + content


def webm(doctype: bytes = b"webm", *, live: bool = False) -> bytes:
    """The skeleton of a film; a live one leaves the sizes of segment and cluster open."""
    open_size = b"\x01" + b"\xff" * 7 if live else None
    block = element("a3", bytes(range(200)))
    cluster = element("1f43b675", element("e7", b"\0") + block + block, size=open_size)
    segment = element("1654ae6b", element("ae", b"\xd7\x81\x01")) + cluster
    header = element("1a45dfa3", element("4282", doctype))
    return header + element("18538067", segment, size=open_size)
