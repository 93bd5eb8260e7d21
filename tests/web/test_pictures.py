"""docs/pictures shows every page, and its list names every page."""

from __future__ import annotations

from pathlib import Path

from bench.pictures import LOOKS
from tests.journeys.visits import VISITS

PICTURES = Path(__file__).parents[2] / "docs/pictures"
MOST_BYTES = 10 * 1024 * 1024
NAMES = {name for names in VISITS.values() for name in names}


def test_every_page_has_its_pictures_and_no_picture_is_left_over():
    wanted = {
        f"{name}-{tongue}-{width}-{scheme}.webp"
        for name in NAMES
        for width, _, scheme, tongue in LOOKS
    }
    assert {path.name for path in PICTURES.glob("*.webp")} == wanted


def test_the_list_beside_the_pictures_names_them_all():
    listed = (PICTURES / "README.md").read_text(encoding="utf-8")
    assert {name for name in NAMES if f"`{name}`" not in listed} == set()


def test_the_pictures_weigh_little():
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES
