"""Draws the receipt: a PDF whose text can be selected, from an invented seller and till."""

from __future__ import annotations

import ctypes
import io
from pathlib import Path

import pikepdf
import pypdfium2
from pypdfium2 import raw

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")
WIDTH, HEIGHT = 226.8, 350.0  # points: 80 mm till roll
COLUMNS, LEFT, TOP, LEADING, SIZE = 40, 12.0, 24.0, 11.6, 8.3


def bin_number(first_eleven: str) -> str:
    """An IIN/BIN with its control digit (sum of digit times weight, modulo 11)."""
    digits = [int(digit) for digit in first_eleven]
    for shift in (0, 2):
        weights = [(place + shift) % 11 + 1 for place in range(11)]
        control = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if control < 10:
            return first_eleven + str(control)
    raise ValueError("no number starts like this")


def row(left: str, right: str) -> str:
    return f"{left}{right:>{COLUMNS - len(left)}}"


LINES = (
    "ИП «Үй ыдысы»".center(COLUMNS),
    # Month 00 does not exist: the number is right in form and can belong to nobody.
    f"ИИН/БИН {bin_number('99004000012')}".center(COLUMNS),
    "г. Алматы, ул. Выдуманная, 1".center(COLUMNS),
    "",
    "ФИСКАЛЬНЫЙ ЧЕК / ФИСКАЛДЫҚ ЧЕК".center(COLUMNS),
    "-" * COLUMNS,
    row("Чек №", "000417"),
    row("Смена", "128"),
    row("Дата и время", "18.11.2026 18:24"),
    row("Операция", "Продажа"),
    "-" * COLUMNS,
    "Кружка керамическая «Көк», 450 мл",
    row("  2 шт x 4 990,00", "9 980,00"),
    "Доставка до пункта выдачи",
    row("  1 x 0,00", "0,00"),
    "-" * COLUMNS,
    row("ИТОГО / ЖИЫНЫ", "9 980,00 ₸"),
    row("Безналичный платёж", "9 980,00"),
    row("в т.ч. НДС", "0,00"),
    "-" * COLUMNS,
    row("Заказ", "512345678"),
    row("РНМ", "000000000000"),
    row("ЗНМ", "EXAMPLE-0001"),
    row("ФП", "000000000417"),
    row("ОФД", "Пример ОФД"),
    "",
    "Образец для проверки программы.".center(COLUMNS),
    "Не является платёжным документом.".center(COLUMNS),
)


def receipt(path: Path) -> None:
    """Write the receipt to ``path``."""
    if not FONT.exists():
        raise SystemExit("The fonts are missing: apt-get install fonts-dejavu-core")
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(WIDTH, HEIGHT)
    font_bytes = FONT.read_bytes()
    buffer = (ctypes.c_uint8 * len(font_bytes)).from_buffer_copy(font_bytes)
    font = raw.FPDFText_LoadFont(document, buffer, len(font_bytes), raw.FPDF_FONT_TRUETYPE, True)
    for number, line in enumerate(LINES):
        if not line.strip():
            continue
        text = raw.FPDFPageObj_CreateTextObj(document, font, SIZE)
        encoded = (line + "\0").encode("utf-16-le")
        letters = ctypes.cast(ctypes.create_string_buffer(encoded), raw.FPDF_WIDESTRING)
        raw.FPDFText_SetText(text, letters)
        raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, LEFT, HEIGHT - TOP - number * LEADING)
        raw.FPDFPage_InsertObject(page, text)
    page.gen_content()
    plain = io.BytesIO()
    document.save(plain)
    with pikepdf.open(plain) as pdf:  # pdfium does not compress what it embeds
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.save(path, compress_streams=True, recompress_flate=True, deterministic_id=True)
