"""Screens that Chromium draws from our own pages: other fonts, other shapes than Pillow's."""

from __future__ import annotations

import base64
import contextlib
import html
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.kinds.camera import Random
from bench.kinds.said import CHAT, ORDER, SELLER

CHROMIUM = Path("/usr/bin/chromium")
PHONES = ((360, 800, 3.0), (393, 852, 3.0), (412, 915, 2.625), (375, 812, 3.0), (360, 640, 2.0))
TABLET, DESK = (800, 1280, 1.5), (1366, 768, 1.0)
Place = tuple[int, int, float]
_STYLE = """*{box-sizing:border-box;margin:0}body{font:15px/1.4 'Noto Sans','Liberation Sans',
sans-serif;background:var(--paper);color:var(--ink)}.status{height:28px;display:flex;
justify-content:space-between;padding:5px 14px;font-size:12px;background:var(--bar)}
.head{background:var(--bar);padding:12px 16px;font-weight:600;border-bottom:1px solid #8884}
.talk{padding:10px;display:flex;flex-direction:column;gap:7px}.m{max-width:78%;padding:8px 12px;
border-radius:16px;background:var(--theirs)}.o{align-self:flex-end;background:var(--ours)}
.m small{opacity:.5;float:right;margin:6px 0 0 8px;font-size:11px}.card{background:var(--theirs);
margin:10px;border-radius:12px;padding:14px}.row{display:flex;justify-content:space-between;
padding:9px 0;border-bottom:1px solid #8883}.go{background:#e3342f;color:#fff;border-radius:10px;
padding:14px;text-align:center;margin-top:14px}img{width:100%;border-radius:8px;display:block}
.two{display:flex;gap:20px;max-width:1100px;margin:auto}.two>*{flex:1}"""
_DAY = "--paper:#cfdfd0;--bar:#fff;--theirs:#fff;--ours:#e5fbd0;--ink:#111"
_NIGHT = "--paper:#0e1621;--bar:#17212b;--theirs:#182533;--ours:#2b5278;--ink:#f1f5f9"
_GREY = "--paper:#f3f4f6;--bar:#fff;--theirs:#fff;--ours:#dbeafe;--ink:#1f2937"
_SHADED = "body{background:linear-gradient(160deg,#dbddbb,#6ba587 45%,#d5d88d 75%,#88b884)}"


class Drawer:
    """One browser for all screens."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def drawn(self, body: str, look: str, place: Place, extra: str = "") -> Image.Image:
        width, height, scale = place
        page = self._browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        page.set_content(
            f"<!doctype html><style>:root{{{look}}}{_STYLE}{extra}</style><body>{body}"
        )
        taken = page.screenshot()
        page.close()
        return Image.open(io.BytesIO(taken)).convert("RGB")

    def talk(
        self, place: Place, language: str, random: Random, *, night: bool, shaded: bool
    ) -> Image.Image:
        """A chat with rounded bubbles, over a plain or a shaded ground."""
        texts = CHAT[language]
        start = int(random.integers(0, len(texts)))
        said = "".join(
            f"<div class='m {'o' if index % 3 else ''}'>{html.escape(texts[(start + index) % 10])}"
            f"<small>1{index % 9}:{10 + index}</small></div>"
            for index in range(int(random.integers(5, 16)))
        )
        body = f"{_status()}<div class=head>{SELLER[language]}</div><div class=talk>{said}</div>"
        extra = _SHADED if shaded else ""
        return self.drawn(body, _NIGHT if night else _DAY, place, extra)

    def order(
        self, place: Place, language: str, random: Random, picture: Image.Image | None
    ) -> Image.Image:
        """An order, with its picture where there is one; two columns where there is room."""
        said = ORDER[language]
        rows = "".join(
            f"<div class=row><span>{each}</span><b>{random.integers(1000, 900000)}</b></div>"
            for each in (*said[:4], said[6])
        )
        card = f"<div class=card><h3>{said[5]}</h3>{rows}<div class=go>{said[4]}</div></div>"
        shown = f"<div class=card>{_embedded(picture)}</div>" if picture is not None else ""
        bar = _status() if place[0] < 1000 else ""
        body = f"{bar}<div class=head>{said[0]}</div><div class={'two' if not bar else ''}>"
        return self.drawn(f"{body}{shown}{card}</div>", _GREY, place)


def _status() -> str:
    return "<div class=status><span>9:41</span><span>5G &#9646; 82%</span></div>"


def _embedded(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return f"<img src='data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}'>"


@contextlib.contextmanager
def opened() -> Iterator[Drawer | None]:
    """None where there is no Chromium: its part of the set is left out then."""
    if not CHROMIUM.exists():
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield Drawer(browser)
        browser.close()
