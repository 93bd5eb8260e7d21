"""Draws the screenshot of a chat with an invented seller, as a phone shows it."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu"
WIDTH, HEIGHT = 1080, 2340
MARGIN, PADDING, LINE = 36, 30, 52
BACKGROUND, BAR, OURS, THEIRS = (229, 233, 238), (38, 50, 64), (214, 240, 200), (255, 255, 255)


@dataclass(frozen=True)
class Message:
    text: str
    time: str
    ours: bool = False


MESSAGES = (
    Message(
        "Здравствуйте! Сегодня забрала заказ 512345678, кружка с трещиной и сколом.", "18:42", True
    ),
    Message("Коробка тоже помята с угла, фото отправила.", "18:43", True),
    Message("Добрый день! Мы отправляли целый товар, претензии к доставке.", "19:15"),
    Message(
        "Но скол внутри упаковки, осколок лежал в пакете. Прошу заменить или вернуть деньги.",
        "19:21",
        True,
    ),
    Message("Возврат по посуде не делаем. Обратитесь в пункт выдачи.", "19:58"),
    Message(
        "В пункте выдачи сказали, что решает продавец. Дайте, пожалуйста, официальный ответ.",
        "20:04",
        True,
    ),
    Message("Ответ вам уже дали.", "20:31"),
)


def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu has Cyrillic and ₸; Pillow's own font has neither."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    try:
        return ImageFont.truetype(f"{FONTS}/{name}", size)
    except OSError as error:
        raise SystemExit("The fonts are missing: apt-get install fonts-dejavu-core") from error


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines of at most ``width`` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def bubble(draw: ImageDraw.ImageDraw, message: Message, top: int) -> int:
    """Draw one message; the y below it."""
    face = font(38)
    lines = wrapped(message.text, face, 680)
    width = int(max(face.getlength(line) for line in lines)) + 2 * PADDING + 40
    height = len(lines) * LINE + 2 * PADDING + 24
    left = WIDTH - MARGIN - width if message.ours else MARGIN
    colour = OURS if message.ours else THEIRS
    draw.rounded_rectangle((left, top, left + width, top + height), 28, fill=colour)
    for row, line in enumerate(lines):
        draw.text((left + PADDING, top + PADDING - 6 + row * LINE), line, (20, 26, 32), face)
    draw.text((left + width - 110, top + height - 44), message.time, (120, 130, 138), font(26))
    return top + height + 26


def chat() -> Image.Image:
    """The whole screen: status bar, the seller's name, a day, the messages, the input line."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 250), fill=BAR)
    draw.text((MARGIN, 24), "20:33", (235, 240, 245), font(34))
    draw.rounded_rectangle((WIDTH - 110, 30, WIDTH - 46, 60), 8, outline=(235, 240, 245), width=3)
    draw.rectangle((WIDTH - 106, 34, WIDTH - 70, 56), fill=(235, 240, 245))
    draw.line([(64, 148), (40, 172), (64, 196)], (235, 240, 245), 6, joint="curve")
    draw.ellipse((104, 120, 208, 224), fill=(196, 120, 84))
    draw.text((136, 142), "Ү", (255, 255, 255), font(50, bold=True))
    draw.text((236, 124), "ИП «Үй ыдысы»", (255, 255, 255), font(42, bold=True))
    draw.text((236, 182), "продавец · был(а) недавно", (176, 190, 204), font(30))
    draw.rounded_rectangle((400, 290, 680, 346), 28, fill=(206, 213, 220))
    draw.text((458, 300), "18 ноября", (70, 80, 90), font(32))
    top = 390
    for message in MESSAGES:
        top = bubble(draw, message, top)
    draw.rectangle((0, HEIGHT - 150, WIDTH, HEIGHT), fill=(255, 255, 255))
    draw.text((MARGIN + 10, HEIGHT - 108), "Сообщение…", (150, 158, 166), font(38))
    draw.rounded_rectangle((390, HEIGHT - 22, 690, HEIGHT - 14), 4, fill=(40, 44, 50))
    return image
