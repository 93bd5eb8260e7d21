"""The run-length packing of BMP, followed without drawing anything."""

from __future__ import annotations

_STEPS = 2_000_000  # runs and marks; a screenshot has some 100,000
_LINE, _END, _JUMP = 0, 1, 2


def stay_inside(packed: bytes, size: tuple[int, int], *, four_bits: bool) -> bool:
    """Do all runs end inside of the picture, and do they end with the mark of the end?

    A run that is longer than its line, a line above the topmost one and bytes that break off
    are what ``False`` stands for. The mark of the end may be missing once every row is there.
    """
    width, height = size
    at, column, row = 0, 0, 0
    for _ in range(_STEPS):
        pair = packed[at : at + 2]
        if len(pair) < 2:
            return row >= height or (row == height - 1 and column >= width)
        count, value = pair
        at += 2
        if count:
            column += count
        elif value == _END:
            return True
        elif value == _LINE:
            column, row = 0, row + 1
        elif value == _JUMP:
            across, up = packed[at : at + 1], packed[at + 1 : at + 2]
            column += int.from_bytes(across, "little")
            row += int.from_bytes(up, "little")
            at += 2
        else:
            column += value
            length = (value + 1) // 2 if four_bits else value
            at += length + (length & 1)
        if column > width or row > height or (row == height and column):
            return False
    return True
