"""Reads the QR codes in ../shared/corpus as the check of receipts does and counts exact texts.

    .venv/bin/python -m bench.qr [--list]

One row per look: what a single look of the library finds, and what all of ours find. A file
counts as a QR code unless the library reads a code of another kind in it. Exit status 1 when
fewer than 85 % of the texts are exact.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from triage.evidence import image, receipt
from triage.evidence.limits import Limits
from triage.evidence.preview import orientation_of, upright_copy

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MARK = 0.85
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def copies(rows: list[dict[str, Any]]) -> dict[str, Image.Image]:
    """Of each file what the check is given: upright, scaled, grey."""
    side = Limits().preview_side
    found = {}
    for row in rows:
        picture = Image.open(CORPUS / row["path"])
        found[row["path"]] = upright_copy(picture, orientation_of(picture), side).convert("L")
    return found


def is_another_kind(grey: Image.Image) -> bool:
    codes = zxingcpp.read_barcodes(grey)
    return bool(codes) and all("QR" not in str(each.format) for each in codes)


def one_look(grey: Image.Image) -> list[str]:
    codes = zxingcpp.read_barcodes(grey, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
    return [each.text for each in codes]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--list", action="store_true", help="name what was not read exactly")
    arguments = parser.parse_args()
    manifest = CORPUS / "manifest.jsonl"
    if not manifest.exists():
        print(f"there is no {manifest}")
        return 2
    image.prepare()
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    pictures = copies([row for row in rows if row.get("code_text")])
    rows = [r for r in rows if r["path"] in pictures and not is_another_kind(pictures[r["path"]])]
    share = 0.0
    print(f"{'look':10} {'exact':>6} {'found':>6} {'total':>6} {'share':>7} {'ms each':>8}")
    for name, look in (("one", one_look), ("ours", receipt.texts)):
        began = time.process_time()
        said = {row["path"]: look(pictures[row["path"]]) for row in rows}
        milliseconds = 1000 * (time.process_time() - began) / len(rows)
        wrong = [row for row in rows if row["code_text"] not in said[row["path"]]]
        found, share = sum(map(bool, said.values())), 1 - len(wrong) / len(rows)
        counts = f"{len(rows) - len(wrong):6} {found:6} {len(rows):6}"
        print(f"{name:10} {counts} {share:7.1%} {milliseconds:8.1f}")
        if arguments.list:
            print(*(f"  {row['path']} {row['code_text'][:40]!r}" for row in wrong), sep="\n")
    return 0 if share >= MARK else 1


if __name__ == "__main__":
    sys.exit(main())
