"""Pictures that tests make for themselves."""

from __future__ import annotations

import io

from PIL import Image


def picture(shade: int = 0) -> bytes:
    """A JPEG with something in it; other shades are other files."""
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    image.putpixel((1, 1), (shade % 256, shade // 256, 128))
    image.paste((shade % 256, 90, 40), (100, 100, 300, 300))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
