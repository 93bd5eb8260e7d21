"""Hearing out one child: what it says of each file, in time, and the zygote at its end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import time
from dataclasses import replace

from triage.evidence.wire import Ending, Errand, Garbled, Reports

_GRACE_SECONDS = 5.0  # what the zygote may take to kill and to report
_CHUNK_BYTES = 256 * 1024
_PIPE_BYTES = 1024 * 1024  # what Linux lets everybody have


class Conversation:
    """With one child about the files of its errand. Use it as a context: it closes its ends.

    Time is kept here, for each file anew as soon as the child goes on to it. Who takes longer,
    or says what no honest child says, is killed: the zygote does that as soon as nobody listens
    to it any more. ``ending`` stays None where the zygote could not tell.
    """

    def __init__(self, errand: Errand, reports: Reports) -> None:
        self.reports = reports
        self.ending: Ending | None = None
        self.garbled = False
        self.stuck = False
        self._late = False
        self._walls = [each.wall_seconds for each in errand.requests]
        self._result, self._result_end = os.pipe()
        if errand.show:  # with room for a whole preview: the child need not wait for us
            with contextlib.suppress(OSError):  # more than the user may have in all pipes
                fcntl.fcntl(self._result, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._status, self._status_end = socket.socketpair()
        self._hear = {self._result: self._from_child, self._status.fileno(): self._from_zygote}

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, *_: object) -> None:
        self.hand_over()
        os.close(self._result)
        self._status.close()

    def ends(self) -> tuple[int, int]:
        """What the zygote is given: for the child's words, for its own."""
        return self._result_end, self._status_end.fileno()

    def hand_over(self) -> None:
        """Close the zygote's ends here, once it has its own copies."""
        if self._result_end >= 0:
            os.close(self._result_end)
            self._status_end.close()
            self._result_end = -1

    def listen(self) -> None:
        """To the end. ``stuck`` when the zygote does not end a child that it should."""
        poll = select.poll()
        for pipe in self._hear:
            poll.register(pipe, select.POLLIN)
        deadline, begun = time.monotonic() + self._walls[0], 0
        while self._hear:
            ready = poll.poll(max(0.0, 1000 * (deadline - time.monotonic())))
            if not ready and self._late:
                self.stuck = True
                return
            if not ready:
                self._late = True
                self._have_it_killed()
                deadline = time.monotonic() + _GRACE_SECONDS
            for pipe, _ in ready:
                received = os.read(pipe, _CHUNK_BYTES)
                if received:
                    self._hear[pipe](received)
                else:
                    poll.unregister(pipe)
                    del self._hear[pipe]
            if len(self.reports.heard) > begun and not self._late:
                begun = len(self.reports.heard)
                deadline = time.monotonic() + self._walls[begun - 1]

    def _have_it_killed(self) -> None:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            self._status.shutdown(socket.SHUT_WR)

    def _from_child(self, received: bytes) -> None:
        if self.garbled or self._late:
            return
        try:
            self.reports.feed(received)
        except Garbled:
            self.garbled = True
            self._have_it_killed()

    def _from_zygote(self, received: bytes) -> None:
        self.ending = replace(Ending.from_bytes(received), timed_out=self._late)
