"""Looking at a video reaches nothing but the file: no neighbour, no address."""

from __future__ import annotations

import contextlib
import io
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.evidence import files, films
from tests.evidence.conftest import Judge
from triage.core.evidence import EvidenceKind, Verdict
from triage.evidence import Limits
from triage.evidence.accepted import VIDEOS
from triage.evidence.opened import Opened
from triage.evidence.video_film import Film
from triage.evidence.wire import Request

UNBOXING = "unboxing_video"
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n"
NEIGHBOUR = 352  # pixels wide, so that its frames are known from all others


@pytest.fixture
def address() -> Iterator[tuple[str, list[object]]]:
    """An address on this machine and whoever called it."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, caller = server.accept()
                    callers.append(caller)
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/one.ts", callers
        finally:
            done.set()
            thread.join()


@pytest.fixture
def neighbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film in the working directory: whoever opens it by its name gets its frames."""
    path = tmp_path / "neighbour.mkv"
    path.write_bytes(films.film(container="matroska", size=(NEIGHBOUR, 240)))
    monkeypatch.chdir(tmp_path)
    return path


@contextlib.contextmanager
def opened(content: bytes, media_type: str) -> Iterator[Opened]:
    """As a child would have it, but without its sandbox around."""
    request = Request(
        kind=EvidenceKind.UNBOXING_VIDEO,
        extension="mp4",
        declared_type=media_type,
        size=len(content),
        cpu_seconds=60,
        wall_seconds=90,
    )
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        held = Opened(request, file.fileno(), Limits())
        held.media_type = media_type
        yield held


def widths_in(content: bytes, media_type: str) -> set[int]:
    """Of all frames that can be had out of it; empty also where it cannot be opened."""
    with opened(content, media_type) as held:
        try:
            with contextlib.closing(Film(held)) as film:
                return {frame.width for each in film.packets() for frame in each.decode()}
        except (av.FFmpegError, ValueError):
            return set()


def nested(address: str) -> dict[str, bytes]:
    """Texts and films that would have a reader fetch a film from elsewhere."""
    place = address.encode() + b"\0"
    return {
        "concat": b"ffconcat version 1.0\nfile neighbour.mkv\n",
        "playlist": f"{PLAYLIST}{address}\n#EXT-X-ENDLIST\n".encode(),
        "playlist_of_files": f"{PLAYLIST}neighbour.mkv\n#EXT-X-ENDLIST\n".encode(),
        "playlist_behind_a_brand": files.box(b"ftyp", b"isom" + bytes(4))
        + f"{PLAYLIST}{address}\n".encode(),
        "dash": f'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{address}'.encode(),
        "dref_address": films.with_places(files.box(b"url ", bytes(4) + place)),
        "dref_file": films.with_places(files.box(b"url ", bytes(4) + b"neighbour.mkv\0")),
        "dref_alias": films.with_places(
            files.box(b"alis", bytes(4) + films.alias("neighbour.mkv"))
        ),
    }


@pytest.mark.parametrize("media_type", VIDEOS)
@pytest.mark.parametrize("how", nested("x"))
def test_a_film_opens_no_other_file_and_no_address(
    neighbour: Path, address: tuple[str, list[object]], how: str, media_type: str
) -> None:
    """By the decoder alone, whatever the type is believed to be, without the sandbox's help."""
    place, callers = address
    assert widths_in(nested(place)[how], media_type) <= {films.SIZE[0]}
    assert callers == []


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "x.m3u8", "x.ffconcat"])
@pytest.mark.parametrize("how", nested("x"))
def test_such_an_upload_yields_nothing_but_itself(
    judge: Judge, address: tuple[str, list[object]], how: str, name: str
) -> None:
    place, callers = address
    judged = judge(nested(place)[how], name=name, declared="video/mp4", kind=UNBOXING)
    assert callers == []
    # A film whose samples do lie in it, whatever its index says of another place, is a film.
    own = how in ("dref_address", "dref_file")
    assert judged.verdict is (Verdict.ACCEPTED if own else Verdict.REJECTED)
    assert judged.width in (None, films.SIZE[0])


def test_the_traps_above_do_snap(neighbour: Path, address: tuple[str, list[object]]) -> None:
    """The same texts, given to FFmpeg as it comes: the neighbour is read, the address called."""
    place, callers = address
    texts = nested(place)
    with av.open(io.BytesIO(texts["concat"]), "r", options={"safe": "0"}) as film:
        assert next(film.decode(video=0)).width == NEIGHBOUR
    playlist = neighbour.with_suffix(".m3u8")
    playlist.write_bytes(texts["playlist"])
    options = {"protocol_whitelist": "file,http,tcp", "allowed_segment_extensions": "ALL"}
    with contextlib.suppress(av.FFmpegError), av.open(str(playlist), "r", options=options):
        pass
    assert callers != []
