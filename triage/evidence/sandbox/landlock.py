"""A view of the file system with nothing in it but what libraries read, where Linux has Landlock.

Numbers are those of ``linux/landlock.h``; the version of the kernel's interface decides how
much can be forbidden: files since 1, TCP since 4, signals and abstract sockets since 6.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import site
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from triage.evidence.sandbox import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version knows
_NET_RIGHTS = 0b11  # bind and connect TCP, since 4
_SCOPES = 0b11  # abstract sockets and signals, since 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class Ruleset:
    """What may be read, and started. Building it raises OSError where there is no Landlock."""

    def __init__(self, readable: Iterable[Path], runnable: Iterable[Path] = ()) -> None:
        version = kernel.syscall(_CREATE_RULESET, None, 0, _VERSION)
        everything = (1 << _FILE_RIGHTS.get(version, 16)) - 1
        rights = _Ruleset(
            everything, _NET_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0
        )
        known = 24 if version >= 6 else 16 if version >= 4 else 8  # bytes of the structure
        self._fd = kernel.syscall(_CREATE_RULESET, ctypes.byref(rights), known, 0)
        os.set_inheritable(self._fd, False)
        for path in readable:
            self._allow(path)
        for path in runnable:
            self._allow(path, _EXECUTE)

    def _allow(self, path: Path, further: int = 0) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._add(path, further)

    def _add(self, path: Path, further: int) -> None:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
            rule = _PathBeneath(rights | further, parent)
            kernel.syscall(_ADD_RULE, self._fd, _PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(parent)

    def restrict_self(self) -> None:
        """Bind the calling thread to it for good; needs no_new_privs. Raises OSError."""
        kernel.syscall(_RESTRICT_SELF, self._fd, 0)

    def fileno(self) -> int:
        """The descriptor that ``restrict_self`` needs to be open."""
        return self._fd


def library_paths() -> tuple[Path, ...]:
    """Where Python, its packages, shared libraries and fonts are read from."""
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")}
    folders |= {Path(each) for each in site.getsitepackages()}
    folders |= {Path(each) for each in ("/usr/lib", "/usr/lib64", "/lib", "/lib64")}
    folders |= {Path(each) for each in ("/usr/share/fonts", "/usr/share/misc", "/etc/fonts")}
    folders |= {Path(each) for each in ("/etc/ld.so.cache", "/dev/null", "/dev/urandom")}
    return tuple(sorted(folders))
