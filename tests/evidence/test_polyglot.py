"""A second file inside the first is named; what phones and cameras append is not."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib

import pytest
from PIL import Image

from tests.evidence import files
from tests.evidence.conftest import Judge
from triage.core.evidence import Level, Verdict

RAR = b"Rar!\x1a\x07\x01\x00" + bytes(40)
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(24)
PHP = b"<?php system($_GET['c']); ?>"


def exe() -> bytes:
    """The two headers of a Windows program, the second where the first says."""
    return b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0\x64\x86" + bytes(60)


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("run.sh"))
    return out.getvalue()


def jpeg_with_comment(comment: bytes) -> bytes:
    return files.picture("JPEG", comment=comment)


def chunk(name: bytes, content: bytes) -> bytes:
    """An unknown PNG chunk, put behind the header of a sound picture."""
    png, added = files.picture("PNG"), struct.pack(">I", len(content)) + name + content
    return png[:33] + added + struct.pack(">I", zlib.crc32(name + content)) + png[33:]


def gif_as_script() -> bytes:
    return b"GIF89a/*" + files.picture("GIF")[8:] + b"*/=1;alert(1);"


HIDDEN = [
    *(
        pytest.param(files.picture(form) + files.zipped(), "ZIP", True, id=f"zip_behind_{form}")
        for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF")
    ),
    pytest.param(files.mp4() + files.zipped(), "ZIP", True, id="zip_behind_film"),
    pytest.param(files.mp4() + SEVEN_ZIP, "7z", True, id="7z_behind_film"),
    pytest.param(files.box(b"free", RAR) + files.mp4(), "RAR", True, id="rar_in_a_free_box"),
    pytest.param(files.webm() + files.element("ec", RAR), "RAR", True, id="rar_in_a_void"),
    pytest.param(files.pdf() + files.zipped(), "ZIP", True, id="zip_behind_pdf"),
    pytest.param(files.pdf() + b"\n" + files.HTML, "HTML", True, id="page_behind_pdf"),
    pytest.param(files.docx() + RAR, "RAR", True, id="rar_behind_docx"),
    pytest.param(jpeg_with_comment(PHP), "PHP", True, id="php_in_a_comment"),
    pytest.param(jpeg_with_comment(RAR), "RAR", True, id="rar_in_a_comment"),
    pytest.param(jpeg_with_comment(files.zipped()), "ZIP", True, id="zip_in_a_comment"),
    pytest.param(chunk(b"pdFs", files.pdf()), "PDF", False, id="pdf_in_a_chunk"),
    pytest.param(chunk(b"exEs", exe()), "EXE", True, id="program_in_a_chunk"),
    pytest.param(chunk(b"teXt", files.HTML), "HTML", True, id="page_in_a_chunk"),
    pytest.param(files.picture() + files.ELF, "ELF", True, id="elf_behind"),
    pytest.param(files.picture() + exe(), "EXE", True, id="program_behind"),
    pytest.param(files.picture() + tar(), "TAR", True, id="tar_behind"),
    pytest.param(files.picture() + files.SHELL, "script", True, id="script_behind"),
    pytest.param(files.picture("PNG") + files.pdf(), "PDF", False, id="pdf_behind"),
    pytest.param(gif_as_script(), "JavaScript", True, id="picture_that_is_a_script"),
]


@pytest.mark.parametrize(("content", "name", "grave"), HIDDEN)
def test_a_second_format_is_named_and_weighed(
    judge: Judge, content: bytes, name: str, grave: bool
) -> None:
    found = [each for each in judge(content).findings if each.code == "file.polyglot"]
    level = Level.DANGEROUS if grave else Level.WEAK
    assert [(each.measured, each.level) for each in found] == [(name, level)]


def stereo() -> bytes:
    out = io.BytesIO()
    files.noise().save(out, "MPO", save_all=True, append_images=[files.noise()])
    return out.getvalue()


def inside(magic: bytes) -> bytes:
    """A magic number that stands in pixels by chance."""
    return magic + bytes(10)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(files.picture() + files.mp4(), id="motion_photo"),
        pytest.param(stereo(), id="stereo_pair"),
        pytest.param(files.picture() + files.picture(), id="gain_map"),
        pytest.param(files.picture() + bytes(4096), id="padding"),
        pytest.param(files.picture() + b"\0\0\0\0" + bytes(range(200)) + b"SEFT", id="maker_block"),
        *(
            pytest.param(jpeg_with_comment(inside(magic)), id=f"chance_{number}")
            for number, magic in enumerate(
                (b"PK\5\6", b"ustar", b"PE\0\0\x64\x86", b"\x7fELF", b"%PDF-x", b"Rar!\x1a\x07x")
            )
        ),
        pytest.param(jpeg_with_comment(b"a caption with <b>bold</b> & 3 < 4"), id="caption"),
        pytest.param(files.docx("word/media/a.png", "word/embeddings/b.xlsx"), id="document"),
    ],
)
def test_what_belongs_there_stays_silent(judge: Judge, content: bytes) -> None:
    judged = judge(content)
    assert "file.polyglot" not in {each.code for each in judged.findings}
    assert judged.verdict in (Verdict.ACCEPTED, Verdict.FLAGGED)


def test_a_picture_of_noise_holds_no_second_format(judge: Judge) -> None:
    out = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).convert("RGB").save(out, "BMP")
    assert judge(out.getvalue()).findings == ()
