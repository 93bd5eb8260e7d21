"""Files of a case: what is shown is re-encoded, what was sent is only downloaded."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from werkzeug.http import parse_options_header

from tests.clamd import fake, says
from tests.desks import AIGUL
from tests.pictures import picture
from triage.casework import answer
from triage.core.people import Role
from triage.evidence import Clamd
from triage.store.tables import Event, Evidence


@pytest.fixture
def case(file):
    return file(files=[("damage_photo", 1), ("damage_photo", 2), ("purchase_proof", 3)])


def read(browser, address):
    """The whole answer, its file closed again."""
    with browser.client.get(address) as found:
        assert found.data
        return found


def first_file(desk, complaint_id):
    return answer.case(desk, complaint_id, "en", AIGUL)["evidence"][0]


def test_a_preview_is_a_picture_of_our_own_never_the_bytes_that_were_sent(desk, case, person):
    browser = person()
    browser.open(f"/cases/{case}")
    addresses = re.findall(r'<img src="(/evidence/[^"]+/preview)"', browser.page)
    assert len(addresses) == 3

    sent = {picture(shade=shade) for shade in (1, 2, 3)}
    for address in addresses:
        shown = read(browser, address)
        assert shown.status_code == 200
        assert shown.mimetype == "image/jpeg"
        assert shown.data not in sent
        assert Image.open(io.BytesIO(shown.data)).size == (640, 480)
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Cache-Control"] == "private, no-store"
        assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_original_is_a_download_whose_opening_is_written_down(desk, case, person):
    evidence = first_file(desk, case)
    sent = {hashlib.sha256(each).hexdigest(): each for each in map(picture, (1, 2, 3))}
    browser = person()

    got = read(browser, f"/evidence/{evidence['id']}/original")

    assert got.status_code == 200
    assert got.data == sent[evidence["sha256"]]
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    with desk.reading() as session:
        opened = session.query(Event).filter_by(complaint_id=case, verb="open_original").one()
    assert (opened.actor_name, opened.detail) == ("Aigul", {"evidence": evidence["id"]})


def test_a_name_in_kazakh_letters_and_quotes_survives_the_download(desk, case, person):
    evidence = first_file(desk, case)
    with desk.sessions.begin() as session:
        session.get_one(Evidence, evidence["id"]).filename = 'чек "қағаз"; №1.jpg'

    got = read(person(), f"/evidence/{evidence['id']}/original")

    assert "filename*=UTF-8''%D1%87%D0%B5%D0%BA" in got.headers["Content-Disposition"]
    assert "\n" not in got.headers["Content-Disposition"]


def test_a_file_with_a_fault_says_in_words_what_is_wrong_and_how_to_mend_it(desk, file, person):
    broken = picture(shade=7)[:-4000]
    case = file(files=[("damage_photo", broken)])
    browser = person()
    browser.open(f"/cases/{case}")

    findings = first_file(desk, case)["findings"]
    assert findings
    for finding in findings:
        assert finding["message"] in browser.page.replace("&#39;", "'")
        assert finding["cure"] in browser.page.replace("&#39;", "'")


@pytest.mark.parametrize("part", ["preview", "original"])
def test_files_are_for_the_desk_only(desk, case, person, browser, part):
    address = f"/evidence/{first_file(desk, case)['id']}/{part}"
    assert browser.client.get(address).status_code == 302
    assert person("operator", Role.INTAKE).client.get(address).status_code == 403
    for role in (Role.AGENT, Role.QA, Role.ADMIN):
        assert read(person(role.value, role), address).status_code == 200


SECRET = b"Abai avenue 150, flat 7"  # what a sender does not know that a file tells


def with_all_metadata(form):
    """A picture with EXIF, a place, XMP, IPTC, a comment, a colour profile and a thumbnail."""
    image = Image.open(io.BytesIO(picture(5)))
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 14.0, 20.0), 3: "E", 4: (76.0, 54.0, 30.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    told = {"exif": exif.tobytes(), "icc_profile": profile, "xmp": xmp}
    if form == "PNG":
        text = PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        told = {"exif": told["exif"], "icc_profile": profile, "pnginfo": text}
    elif form == "JPEG":
        told["comment"] = SECRET
    out = io.BytesIO()
    image.save(out, form, **told)
    sent = out.getvalue()
    if form == "JPEG":  # Photoshop's block, where IPTC lives
        block = b"Photoshop 3.0\0" + SECRET
        sent = sent[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + sent[2:]
    return sent


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_preview_tells_nothing_but_the_picture(desk, file, person, form):
    sent = with_all_metadata(form)
    assert SECRET in sent
    case = file(files=[("damage_photo", sent)])

    shown = read(person(), f"/evidence/{first_file(desk, case)['id']}/preview").data

    assert SECRET not in shown
    segments = list(jpeg_segments(shown))
    # APP0 is the JFIF header; then tables, frame and scan: no APP1..15, no comment.
    assert set(segments) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}, [hex(s) for s in segments]
    with Image.open(io.BytesIO(shown)) as image:
        assert not image.getexif()
        assert {"icc_profile", "xmp", "comment", "exif", "photoshop"}.isdisjoint(image.info)
    assert shown.endswith(b"\xff\xd9"), "nothing behind its end"


def jpeg_segments(content):
    """The markers up to the first scan."""
    at = 2
    while content[at] == 0xFF:
        yield content[at + 1]
        if content[at + 1] == 0xDA:
            return
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=999999999-", "bytes=0-1,3-4", "lines=1"]
)
@pytest.mark.parametrize("part", ["preview", "original"])
def test_a_part_of_a_file_is_answered_with_the_whole(desk, case, person, part, asked):
    address = f"/evidence/{first_file(desk, case)['id']}/{part}"
    browser = person()
    whole = read(browser, address)
    with browser.client.get(address, headers={"Range": asked}) as got:
        assert (got.status_code, got.data) == (200, whole.data)
        assert "Content-Range" not in got.headers


@pytest.mark.parametrize(
    "name",
    [
        'чек "қағаз"; №1.jpg',
        "a\r\nSet-Cookie: x=1.jpg",
        "../../etc/passwd",
        "x.jpg; filename=evil.html",
        "рис\u202egpj.exe",
        "100%.jpg",
        " ",
        "",
    ],
)
def test_no_name_breaks_the_header_of_a_download(desk, case, person, name):
    evidence = first_file(desk, case)
    with desk.sessions.begin() as session:
        session.get_one(Evidence, evidence["id"]).filename = name
    got = read(person(), f"/evidence/{evidence['id']}/original")
    said = got.headers["Content-Disposition"]
    kind, options = parse_options_header(said)
    assert kind == "attachment"
    assert set(options) == {"filename"}, said
    assert not {"/", "\n", "\u202e"} & set(options["filename"])
    assert said.isascii()
    assert said.isprintable()
    assert "x=1" not in got.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "answer_of_clamd",
    [b"stream: X FOUND\0", b"stream: X ERROR\0"],
    ids=["malware", "not_scanned"],
)
def test_a_locked_original_stays_here_while_its_preview_is_shown(
    desk, app, file, person, answer_of_clamd
):
    with fake() as server:
        server.answer = says(answer_of_clamd)
        # The pages keep the desk that they were built with; only this field is another.
        object.__setattr__(desk, "scanner", Clamd(server.address, required=True))
        case = file(files=[("damage_photo", 1)])
        browser = person()
        browser.open(f"/cases/{case}")
        evidence = first_file(desk, case)
        assert f"/evidence/{evidence['id']}/original" not in browser.page
        assert "locked" in browser.text()
        assert read(browser, f"/evidence/{evidence['id']}/preview").status_code == 200
        refused = read(browser, f"/evidence/{evidence['id']}/original")
    assert refused.status_code == 403
    assert picture(shade=1) not in refused.data
    with desk.reading() as session:
        assert session.query(Event).filter_by(complaint_id=case, verb="open_original").count() == 0
