"""The headers of a multipart part: its field name, and its file name made harmless.

Senders differ: browsers percent-encode a quote, mail programs split a name into numbered pieces
(RFC 2231), others send the encoded form of RFC 5987, raw UTF-8, Windows-1251 or UTF-8 that was
taken for Latin-1 on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

MAX_NAME = 255  # characters of a file name
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:\\.|[^"\\])*"|[^;"]*)', re.DOTALL)
_CHARSETS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "windows-1251", "koi8-r"})
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n", "%0d": "\r", "%0a": "\n"}


def parameters(header: bytes) -> tuple[str, Mapping[str, str]]:
    """The header's first word in lower case and its parameters, decoded, by lower-case name.

    ``filename*`` and ``filename*0*`` appear as ``filename`` and win over the plain one.
    """
    text = _text(header)
    word, separator, rest = text.partition(";")
    plain: dict[str, str] = {}
    encoded: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in _PARAMETER.findall(separator + rest):
        base, star, suffix = name.lower().partition("*")
        value = _unquoted(value)
        number = suffix.removesuffix("*")
        if not star:
            plain.setdefault(base, value)
        elif not suffix:
            encoded.setdefault(base, _decoded(value))
        elif number.isascii() and number.isdigit() and len(number) <= 3:
            pieces.setdefault(base, {})[int(number)] = (value, suffix.endswith("*"))
    for base, numbered in pieces.items():
        encoded.setdefault(base, _joined(numbered))
    return word.strip().lower(), plain | encoded


def file_name(raw: str, otherwise: str) -> str:
    """A name to show: no path, no control or direction characters, at most 255 characters.

    The extension survives the cut. ``otherwise`` stands in where nothing is left.
    """
    for escape, character in _ESCAPED.items():
        raw = raw.replace(escape, character)
    name = unicodedata.normalize("NFC", _mended(raw))
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(name.split())
    if len(name) > MAX_NAME:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if stem and len(extension) <= 16 else ""
        name = name[: MAX_NAME - len(tail)] + tail
    return otherwise if name.strip(". ") == "" else name


def _text(header: bytes) -> str:
    for charset in ("utf-8", "windows-1251"):
        try:
            return header.decode(charset)
        except UnicodeDecodeError:
            continue
    return header.decode("latin-1")


def _unquoted(value: str) -> str:
    """The inside of a quoted string. A backslash only escapes a quote or a backslash:

    old browsers send ``"C:\\photos\\box.jpg"`` as it stands.
    """
    if value.startswith('"'):
        return re.sub(r'\\(["\\])', r"\1", value[1:-1])
    return value.strip()


def _decoded(value: str) -> str:
    """``UTF-8'ru'%D1%84.jpg`` of RFC 5987."""
    charset, _, rest = value.partition("'")
    _, _, octets = rest.partition("'")
    return _from_octets(charset, unquote_to_bytes(octets)) if rest else value


def _joined(pieces: Mapping[int, tuple[str, bool]]) -> str:
    """The numbered pieces of RFC 2231, up to the first gap; the first one names the charset."""
    charset, octets = "utf-8", b""
    for number in range(len(pieces)):
        if number not in pieces:
            break
        value, is_encoded = pieces[number]
        if number == 0 and is_encoded:
            charset, _, rest = value.partition("'")
            value = rest.partition("'")[2]
        octets += unquote_to_bytes(value) if is_encoded else value.encode("utf-8")
    return _from_octets(charset, octets)


def _from_octets(charset: str, octets: bytes) -> str:
    known = charset.lower() if charset.lower() in _CHARSETS else "utf-8"
    return octets.decode(known, errors="replace")


def _mended(name: str) -> str:
    """UTF-8 that somebody read as Latin-1 (or Windows-1252), read as UTF-8 again."""
    for charset in ("latin-1", "cp1252"):
        try:
            mended = name.encode(charset).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if len(mended) < len(name):
            return mended
    return name
