"""Which system calls a child may make: a list of what decoding needs, everything else refused.

The filter is compiled once, in the zygote, and loaded by each child in one call. What is not
on a list here answers EPERM, so that a library which only tries something goes on; the few
newer calls that glibc knows how to do without answer ENOSYS.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource

from triage.evidence.sandbox import kernel

# Reading, memory, threads, clocks, leaving. Writing is possible to what is open already: the
# result pipe and /dev/null.
ALLOWED = (
    *("read", "pread64", "readv", "preadv", "write", "writev", "lseek", "close", "fcntl"),
    *("fstat", "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "readlink"),
    *("readlinkat", "getdents64", "getcwd", "poll", "ppoll", "select", "pselect6"),
    *("brk", "munmap", "mremap", "madvise", "mincore"),
    *("futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "gettid"),
    *("sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "membarrier"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    *("getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrusage", "getrlimit"),
    *("getrandom", "sysinfo", "uname", "times", "arch_prctl", "exit", "exit_group", "dup"),
)
NOT_THERE = ("clone3", "openat2", "faccessat2")  # glibc falls back to the older call

CLONE_THREAD = 0x00010000
PROT_EXEC = 0x4
TCGETS = 0x5401  # isatty, asked by Python for every file that it opens
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
WITHOUT_BITS = {
    "open": (1, _WRITING),
    "openat": (2, _WRITING),
    "mmap": (2, PROT_EXEC),
    "mprotect": (2, PROT_EXEC),
}
"""Allowed as long as none of these bits is set in the argument of this place."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Filter:
    """A compiled filter. Building it raises OSError or ImportError where seccomp is missing."""

    def __init__(self) -> None:
        self._code = _compiled()
        self._buffer = ctypes.create_string_buffer(self._code, len(self._code))
        self._program = _Program(len(self._code) // 8, ctypes.addressof(self._buffer))

    def load(self) -> None:
        """Bind the calling process to it for good; needs no_new_privs. Raises OSError."""
        kernel.prctl(
            kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(self._program)
        )


def _compiled() -> bytes:
    """The filter as BPF instructions, 8 bytes each."""
    try:
        # It raises RuntimeError without the system's libseccomp.so.2, and has no types.
        import pyseccomp as sc  # type: ignore[import-untyped]
    except RuntimeError as error:
        raise ImportError(str(error)) from error
    rules = sc.SyscallFilter(sc.ERRNO(errno.EPERM))

    def add(name: str, action: int, *arguments: object) -> None:
        # A call that this architecture or this libseccomp does not know stays refused.
        with contextlib.suppress(OSError):
            rules.add_rule(action, name, *arguments)

    for name in ALLOWED:
        add(name, sc.ALLOW)
    for name in NOT_THERE:
        add(name, sc.ERRNO(errno.ENOSYS))
    for name, (argument, bits) in WITHOUT_BITS.items():
        add(name, sc.ALLOW, sc.Arg(argument, sc.MASKED_EQ, bits, 0))
    add("clone", sc.ALLOW, sc.Arg(0, sc.MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    add("prlimit64", sc.ALLOW, sc.Arg(2, sc.EQ, 0))  # asking, not setting
    # But its own CPU time anew for each file, below a hard limit that nobody can raise.
    add("prlimit64", sc.ALLOW, sc.Arg(0, sc.EQ, 0), sc.Arg(1, sc.EQ, resource.RLIMIT_CPU))
    add("ioctl", sc.ALLOW, sc.Arg(1, sc.EQ, TCGETS))
    with os.fdopen(os.memfd_create("filter"), "rb") as out:
        rules.export_bpf(out)
        out.seek(0)
        return out.read()
