"""Damage that decoders pass over in silence, found by what each format says of itself."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from tests.evidence import files
from tests.evidence.conftest import Judge, codes
from triage.core.evidence import Level
from triage.evidence.jpegscan import Portions, Scan

Change = Callable[[bytearray], None]


def jpeg(**how: object) -> bytearray:
    return bytearray(files.picture("JPEG", (160, 120), **how))


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png(*, after_header: bytes = b"", before_end: bytes = b"", mode: str = "RGB") -> bytes:
    """A sound picture with more chunks in two places."""
    out = io.BytesIO()
    files.noise().convert(mode).save(out, "PNG")
    content = out.getvalue()
    return content[:33] + after_header + content[33:-12] + before_end + content[-12:]


def indexed_bmp(
    *, colour: int = 0, across: int = 2835, packing: int = 0, rows: bytes = b""
) -> bytes:
    """Eight bits a pixel, four by two, a palette of four colours."""
    palette = bytes(range(16))
    rows = rows or bytes((0, 1, 2, colour)) * 2
    at = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, 4, 2, 1, 8, packing, len(rows), across, 2835, 4, 0)
    return struct.pack("<2sIII", b"BM", at + len(rows), 0, at) + header + palette + rows


def gif(change: Change | None = None) -> bytes:
    content = bytearray(files.picture("GIF"))
    if change:
        change(content)
    return bytes(content)


def moved(content: bytearray) -> None:
    at = content.index(b"\x2c\0\0\0\0")
    struct.pack_into("<H", content, at + 1, 1)


def zeroed(content: bytearray) -> bytes:
    """Some zeros in the middle of the scan."""
    scan = content.index(b"\xff\xda")
    at = scan + (len(content) - scan) // 2
    content[at : at + 40] = bytes(40)
    return bytes(content)


def without_restart(content: bytearray) -> bytes:
    at = content.index(b"\xff\xd3")
    content[at + 1] = 0xD6
    return bytes(content)


def with_text(text: bytes) -> bytes:
    packet = b"http://ns.adobe.com/xap/1.0/\0" + text
    segment = b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet
    whole = files.picture("JPEG")
    return whole[:2] + segment + whole[2:]


def webp_animation() -> bytes:
    content = bytearray(files.animation("WEBP", 3))
    at = content.index(b"ANMF") + 8
    content[at : at + 3] = b"\xff\0\0"  # the first frame stands far to the right
    return bytes(content)


def tiff_without_strips() -> bytes:
    """Rows in strips of one, but only the first strip is named."""
    content = files.picture("TIFF")
    at = next(
        at for at in (content.find(struct.pack("<HH", 278, kind)) for kind in (3, 4)) if at > 0
    )
    rows = struct.pack("<HHIHH", 278, 3, 1, 1, 0)
    return content[:at] + rows + content[at + 12 :]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zeroed(jpeg()), id="jpeg_with_zeros_inside"),
        pytest.param(zeroed(jpeg(quality=95)), id="fine_jpeg_with_zeros_inside"),
        pytest.param(
            without_restart(jpeg(restart_marker_rows=1)), id="jpeg_with_restarts_out_of_order"
        ),
        pytest.param(with_text(b"<x:xmpmeta xmlns:x='x'><a></x:xmpmeta>"), id="jpeg_with_bad_xmp"),
        pytest.param(png(after_header=chunk(b"gAMA", bytes(4))), id="png_with_no_gamma_at_all"),
        pytest.param(
            png(before_end=chunk(b"tRNS", bytes(6))), id="png_transparency_behind_its_pixels"
        ),
        pytest.param(
            png(after_header=chunk(b"tIME", b"\x07\xe9\x0d\x01\0\0\0")), id="png_of_month_13"
        ),
        pytest.param(png(after_header=2 * chunk(b"pHYs", bytes(9))), id="png_with_a_chunk_twice"),
        pytest.param(png(after_header=chunk(b"te1t", b"")), id="png_with_a_digit_in_a_name"),
        pytest.param(indexed_bmp(colour=9), id="bmp_with_a_colour_that_it_has_not"),
        pytest.param(indexed_bmp(across=2_000_000), id="bmp_with_absurd_dots"),
        pytest.param(
            indexed_bmp(packing=1, rows=b"\x09\0\0\0\x04\1\0\1"), id="bmp_with_a_run_too_long"
        ),
        pytest.param(gif(moved), id="gif_outside_of_its_screen"),
        pytest.param(webp_animation(), id="webp_frame_outside_of_its_canvas"),
        pytest.param(tiff_without_strips(), id="tiff_with_too_few_strips"),
    ],
)
def test_silent_damage_is_found(judge: Judge, content: bytes) -> None:
    damage = {each.code: each.level for each in judge(content, kind="damage_photo").findings}
    assert damage.get("image.damaged") is Level.WEAK or "image.corrupt" in damage, damage


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bytes(jpeg()), id="jpeg"),
        pytest.param(bytes(jpeg(quality=100, subsampling=0)), id="fine_jpeg"),
        pytest.param(bytes(jpeg(restart_marker_rows=1)), id="jpeg_with_restarts"),
        pytest.param(bytes(jpeg(restart_marker_blocks=3)), id="jpeg_with_many_restarts"),
        pytest.param(bytes(jpeg(progressive=True)), id="progressive_jpeg"),
        pytest.param(files.picture("JPEG", (1, 1)), id="jpeg_of_one_pixel"),
        pytest.param(files.picture("JPEG", (3000, 2000), quality=30), id="jpeg_decoded_smaller"),
        pytest.param(jpeg()[:-2] + b"\xff\xff\xff\xd9", id="jpeg_with_fill_bytes"),
        pytest.param(with_text(b"<x:xmpmeta xmlns:x='x'/>\0\0"), id="jpeg_with_padded_xmp"),
        pytest.param(png(), id="png"),
        pytest.param(png(mode="P"), id="png_with_palette"),
        pytest.param(png(mode="1"), id="png_in_two_tones"),
        pytest.param(
            png(
                after_header=chunk(b"sRGB", b"\0") + chunk(b"pHYs", bytes(8) + b"\1"),
                before_end=chunk(b"tEXt", b"Title\0words"),
            ),
            id="png_with_the_usual_chunks",
        ),
        pytest.param(indexed_bmp(colour=3), id="bmp"),
        pytest.param(indexed_bmp(packing=1, rows=b"\x04\0\0\0\x04\1\0\1"), id="packed_bmp"),
        pytest.param(gif(), id="gif"),
        pytest.param(files.animation("GIF", 3), id="gif_that_moves"),
        pytest.param(files.animation("WEBP", 3), id="webp_that_moves"),
        pytest.param(files.picture("WEBP"), id="webp"),
        pytest.param(files.picture("TIFF", compression="tiff_lzw"), id="tiff"),
    ],
)
def test_a_sound_picture_is_not_called_damaged(judge: Judge, content: bytes) -> None:
    assert codes(judge(content, kind="damage_photo")) == []


def test_a_picture_that_cannot_be_read_is_only_called_that(judge: Judge) -> None:
    content = bytearray(png(after_header=chunk(b"gAMA", bytes(4))))
    content[len(content) // 2] ^= 0xFF
    assert codes(judge(bytes(content), kind="damage_photo")) == ["image.corrupt"]


@pytest.mark.parametrize("draft", [None, (20, 15)])
def test_a_scan_too_long_is_told_from_one_too_short(draft: tuple[int, int] | None) -> None:
    whole = _noise_that_is_always_the_same()
    longer = whole[:-40] + whole[-200:-100] + whole[-40:]
    shorter = whole[:-400] + whole[-300:]
    for content, expected in ((whole, Scan.FITS), (longer, Scan.TOO_LONG)):
        assert _scan_of(content, draft) is expected
    assert _scan_of(shorter, draft) is not Scan.FITS


def _noise_that_is_always_the_same() -> bytes:
    """As a JPEG: of 300 noises one is cut so that by chance what is left fits."""
    chance = random.Random(0)
    shades = bytes(min(255, max(0, round(chance.gauss(128, 50)))) for _pixel in range(160 * 120))
    out = io.BytesIO()
    Image.frombytes("L", (160, 120), shades).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def _scan_of(content: bytes, draft: tuple[int, int] | None) -> Scan:
    portions = Portions(content)
    picture = Image.open(portions)
    if draft:
        picture.draft(None, draft)
    portions.divide()
    picture.load()
    return portions.scan


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_document_cut_before_its_directory_is_said_to_be_cut(judge: Judge, share: float) -> None:
    whole = files.docx("word/media/a.png", content=files.picture("PNG"))
    judged = judge(whole[: int(len(whole) * share)], name="a.docx", kind="expert_report")
    assert "docx.truncated" in codes(judged)


def mp3() -> bytes:
    """Six frames of 128 kbit/s of silence."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 6


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(files.picture("JPEG") + mp3(), id="frames_behind_a_jpeg"),
        pytest.param(
            files.picture("PNG") + b"ID3\x04\0\0\0\0\0\x0a" + bytes(10), id="tag_behind_a_png"
        ),
    ],
)
def test_sound_behind_a_picture_is_a_second_format(judge: Judge, content: bytes) -> None:
    found = {each.code: each.measured for each in judge(content, kind="damage_photo").findings}
    assert found.get("file.polyglot") == "MP3"
