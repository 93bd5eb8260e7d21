"""Pictures that tests make for themselves."""

from __future__ import annotations

import io

from PIL import Image


def picture(shade: int = 0) -> bytes:
    """A JPEG with something in it; other shades are other files."""
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    image.paste((30, 60, 90), (40, 330, 600, 450))  # edges, or it would pass for blurred
    for bit in range(16):  # stripes that no compression can level
        if shade >> bit & 1:
            image.paste((200, 90, 40), (bit * 40, 100, bit * 40 + 30, 300))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
