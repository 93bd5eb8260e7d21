"""What an e-mail address is, wherever a person or a program gives one."""

from __future__ import annotations

import re

LONGEST_EMAIL = 254  # characters, RFC 5321
# Spaces and control characters are spelled out: what \s means differs among the readers of schemas.
_SPACES = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_NAME = rf"[^@{_SPACES}<>()\[\]\",;:\\.]+"
ADDRESS = rf"(?=[^@]{{1,64}}@){_NAME}(\.{_NAME})*@({_NAME}\.)+{_NAME}"  # 64: RFC 5321
"""A regular expression that Python and the readers of JSON Schema understand alike."""
_WHOLE = re.compile(ADDRESS)


def is_email(written: str) -> bool:
    """Whether it is one address that mail can be sent to, with nothing around it."""
    return len(written) <= LONGEST_EMAIL and _WHOLE.fullmatch(written) is not None
