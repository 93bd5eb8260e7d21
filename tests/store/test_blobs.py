"""Files are kept once, whole, under their hash; what was not kept leaves no trace."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from triage.errors import NotFound, Unavailable
from triage.store.blobs import Blobs, LocalBlobs

PAGE = b"one page " * 1000


def test_what_was_kept_is_found_under_its_hash(blobs: Blobs):
    with blobs.receive() as incoming:
        incoming.write(PAGE[:100])
        incoming.write(memoryview(PAGE)[100:])
        kept = incoming.keep()
        assert incoming.keep() == kept, "keeping twice does it once"

    assert kept.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert kept.size == len(PAGE)
    with blobs.open(kept.sha256) as file:
        assert os.pread(file.fileno(), 20_000, 0) == PAGE
    assert blobs.exists(kept.sha256)


def test_a_file_can_be_looked_at_before_it_is_kept(blobs: Blobs):
    with blobs.receive() as incoming:
        incoming.write(PAGE)
        assert os.pread(incoming.fileno(), 9, 0) == b"one page "
    assert not blobs.exists(hashlib.sha256(PAGE).hexdigest())


def test_the_same_bytes_twice_are_kept_once(blobs: Blobs):
    assert blobs.put(PAGE) == blobs.put(PAGE)


def test_an_empty_file_is_a_file(blobs: Blobs):
    with blobs.open(blobs.put(b"")) as file:
        assert file.read() == b""


def test_unknown_bytes_are_not_found(blobs: Blobs):
    with pytest.raises(NotFound, match=r"blob\.unknown"):
        blobs.open("0" * 64)


def test_removed_bytes_are_gone_and_removing_them_again_is_no_error(blobs: Blobs):
    key = blobs.put(PAGE)
    blobs.remove(key)
    blobs.remove(key)
    assert not blobs.exists(key)


def test_an_abandoned_file_leaves_no_trace(tmp_path: Path):
    local = LocalBlobs(tmp_path)
    with local.receive() as incoming:
        incoming.write(PAGE)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_process_that_dies_while_receiving_leaves_no_trace(tmp_path: Path):
    code = f"""
        import os, signal
        from pathlib import Path
        from triage.store.blobs import LocalBlobs
        incoming = LocalBlobs(Path({str(tmp_path)!r})).receive()
        incoming.write(b"half a video")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_said_and_not_hidden(tmp_path: Path):
    local = LocalBlobs(tmp_path)
    with local.receive() as incoming:
        full = os.open("/dev/full", os.O_RDWR)
        os.dup2(full, incoming.fileno())
        os.close(full)
        with pytest.raises(Unavailable, match=r"storage\.write_failed"):
            incoming.write(PAGE)
