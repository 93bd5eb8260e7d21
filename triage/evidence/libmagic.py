"""The one libmagic of a process: the system's, or the packaged one where the system has none."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Protocol


class Detector(Protocol):
    """The part of python-magic that is used."""

    def from_buffer(self, buffer: bytes) -> str:
        """The media type of these first bytes of a file."""


@cache
def detector() -> Detector:
    """Loaded once, before any child is locked in. Raises ImportError where there is none.

    Debian's libmagic1 (5.44) is preferred: the packaged 5.41 calls a DOCX octet-stream. The
    package is not imported, because that patches ctypes and the environment of every child;
    its library is loaded under the name that python-magic then finds.
    """
    try:
        import magic
    except ImportError:
        _preload_the_packaged_one()
        import magic
    found: Detector = magic.Magic(mime=True)
    return found


def _preload_the_packaged_one() -> None:
    found = importlib.util.find_spec("pylibmagic")
    if found is None or found.origin is None:
        raise ImportError("neither the system's libmagic.so.1 nor the package pylibmagic")
    folder = Path(found.origin).parent
    ctypes.CDLL(str(folder / "libmagic.so.1"), ctypes.RTLD_GLOBAL)
    os.environ["MAGIC"] = str(folder / "magic.mgc")
