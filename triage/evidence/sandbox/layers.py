"""All layers of protection, prepared once in the zygote and entered by each child."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from triage.evidence.sandbox import kernel
from triage.evidence.sandbox.landlock import Ruleset, library_paths
from triage.evidence.sandbox.seccomp import Filter

RLIMITS, SECCOMP, NETWORK, LANDLOCK, UID = "rlimits", "seccomp", "network", "landlock", "uid"
NOBODY = 65534
_SET_IDS = 1 << 6 | 1 << 7  # CAP_SETGID and CAP_SETUID
_OPEN_FILES = 64
_PROCESSES = 4096  # threads of all processes of the user; seccomp forbids processes anyway


class Unprotected(Exception):
    """The layer that must not be missing is missing: nothing may be examined."""


class Layers:
    """Built in the zygote: leaves its network for good, compiles filter and rule set."""

    def __init__(self) -> None:
        self._is_root = may_change_user()
        self._networkless = leave_the_network()
        self._filter: Filter | None = None
        self._ruleset: Ruleset | None = None
        with contextlib.suppress(OSError, ImportError):
            self._filter = Filter()
        with contextlib.suppress(OSError):
            self._ruleset = Ruleset(library_paths())

    def strength(self) -> tuple[str, ...]:
        """The names of the layers that are on."""
        return tuple(self._strength())

    def _strength(self) -> Iterator[str]:
        yield RLIMITS
        if self._filter is not None:
            yield SECCOMP
        if self._networkless:
            yield NETWORK
        if self._ruleset is not None:
            yield LANDLOCK
        if self._is_root:
            yield UID

    def needed_descriptors(self) -> tuple[int, ...]:
        """Descriptors that must stay open until ``enter`` has been called."""
        return () if self._ruleset is None else (self._ruleset.fileno(),)

    def try_out(self, *, memory_bytes: int, cpu_seconds: int) -> None:
        """Have a child enter once: what a kernel refuses to hold must not count as held."""
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            code = 1
            try:
                self.enter(
                    memory_bytes=memory_bytes,
                    cpu_seconds=cpu_seconds,
                    cpu_seconds_in_all=cpu_seconds,
                    parent=parent,
                )
                code = 0
            finally:
                os._exit(code)
        if os.waitpid(pid, 0)[1] != 0:
            self._filter = None

    def enter(
        self, *, memory_bytes: int, cpu_seconds: int, cpu_seconds_in_all: int, parent: int
    ) -> None:
        """Give up everything that a decoder does not need. Call once, in the child.

        ``cpu_seconds`` are those of the first file, see ``may_take``.

        Raises Unprotected when the seccomp filter does not hold or the parent is gone, OSError
        when another layer that should work does not.
        """
        if self._filter is None:
            raise Unprotected("no seccomp filter")
        if self._is_root:
            become_nobody()
        kernel.drop_capabilities()
        # After the change of user, which would clear it again.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise Unprotected("the zygote is gone")
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if self._ruleset is not None:
            self._ruleset.restrict_self()
            os.close(self._ruleset.fileno())
        set_rlimits(memory_bytes, cpu_seconds, cpu_seconds_in_all)
        try:
            self._filter.load()
        except OSError as error:
            raise Unprotected("the seccomp filter was refused") from error


def leave_the_network() -> bool:
    """Move into empty network and IPC namespaces; children are born there at no cost."""
    namespaces = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC
    for flags in (namespaces, namespaces | kernel.CLONE_NEWUSER):
        try:
            kernel.unshare(flags)
        except OSError:
            continue
        return True
    return False


def may_change_user() -> bool:
    """Root in a container may have been stripped of the right to become somebody else."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    held = int(effective.split()[1], 16)
    return os.geteuid() == 0 and held & _SET_IDS == _SET_IDS


def become_nobody() -> None:
    """Another user with no groups; needs ``may_change_user``."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def set_rlimits(memory_bytes: int, cpu_seconds: int, cpu_seconds_in_all: int) -> None:
    """Hard bounds: address space, CPU time, no files written, few opened."""
    bounds = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_NPROC: _PROCESSES,
    }
    for which, bound in bounds.items():
        hard = resource.getrlimit(which)[1]
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(which, (most, most))
    # The soft limit ends the child with SIGXCPU, which names the reason; the hard one insists.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds_in_all + 1))


def may_take(cpu_seconds: int) -> bool:
    """Allow this process so many seconds from now on; False when its hard limit says no.

    The one limit that a child may set: never beyond what all of its files have together.
    """
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(time.process_time()) + cpu_seconds
    if soft > hard:
        return False
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    return True
