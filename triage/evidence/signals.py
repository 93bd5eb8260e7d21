"""What a child tells about a file for comparison with other files, orders and cases.

A signal judges nothing by itself. It is kept beside the findings, never shown as such, and read
by the checks that know the other side (``casework/crosscheck.py``).
"""

from __future__ import annotations

SIGNALS = frozenset(
    {
        "pdq",  # perceptual hash of the upright picture: 64 hexadecimal digits
        "pdq_quality",  # 0 to 100; flat pictures have little
        "taken_at",  # when the camera says it took the picture: YYYY-MM-DD HH:MM:SS[+HH:MM]
        "receipt",  # operator|till|fiscal sign|sum|time of each fiscal QR code, between them ";"
        "printed",  # fiscal sign|till|sum|time[|unsure] as printed; unread parts stay empty
        "seconds",  # length of a video
        "pages",  # of a PDF
    }
)
"""The closed list of names; a child that uses another is not believed at all."""

LONGEST = 800
"""Characters of a value."""
