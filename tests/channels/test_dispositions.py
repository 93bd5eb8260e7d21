"""File names come out readable and harmless, however a sender wrote them."""

from __future__ import annotations

import pytest

from triage.channels.api.dispositions import file_name, parameters

SENT = [
    pytest.param('filename="box.jpg"', "box.jpg", id="plain"),
    pytest.param("filename=box.jpg", "box.jpg", id="without quotes"),
    pytest.param('filename="фото коробки.jpg"', "фото коробки.jpg", id="raw UTF-8"),
    pytest.param("filename*=UTF-8''%D1%87%D0%B5%D0%BA.pdf", "чек.pdf", id="RFC 5987"),
    pytest.param("filename*=utf-8'ru'%D1%87%D0%B5%D0%BA.pdf", "чек.pdf", id="with its language"),
    pytest.param(
        "filename=\"cheque.pdf\"; filename*=UTF-8''%D1%87%D0%B5%D0%BA.pdf",
        "чек.pdf",
        id="the encoded one wins",
    ),
    pytest.param("filename*0*=UTF-8''%D1%87; filename*1*=%D0%B5%D0%BA; filename*2=.pdf",
                 "чек.pdf", id="RFC 2231 in pieces"),
    pytest.param("filename*=windows-1251''%F7%E5%EA.pdf", "чек.pdf", id="another charset"),
    pytest.param(r'filename="a \"b\" c.jpg"', 'a "b" c.jpg', id="escaped quotes"),
    pytest.param('filename="a %22b%22.jpg"', 'a "b".jpg', id="quotes as browsers escape them"),
    pytest.param(r'filename="C:\photos\box.jpg"', "box.jpg", id="a Windows path"),
    pytest.param('filename="../../etc/passwd"', "passwd", id="a path upwards"),
    pytest.param('filename="a;b=c.jpg"', "a;b=c.jpg", id="a semicolon inside"),
    pytest.param('filename="a\tb\x07.jpg"', "ab.jpg", id="control characters"),
    pytest.param('filename="gpj.\u202eexe"', "gpj.exe", id="direction reversed"),
    pytest.param('filename=".."', "other", id="no name at all"),
    pytest.param('filename="/"', "other", id="a path without a name"),
    pytest.param(f'filename="{"a" * 400}.jpeg"', "a" * 250 + ".jpeg", id="too long"),
    pytest.param(f'filename="{"a" * 300}"', "a" * 255, id="too long, no extension"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "name"), SENT)
def test_a_file_is_called_as_its_sender_meant(header: str, name: str) -> None:
    word, given = parameters(f'form-data; name="other"; {header}'.encode())
    assert (word, given["name"]) == ("form-data", "other")
    assert file_name(given["filename"], otherwise="other") == name


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf8_that_was_taken_for_latin_is_mended(wrong: str) -> None:
    name = "Фото.jpg"
    mangled = name.encode().decode(wrong)
    assert file_name(mangled, otherwise="other") == name


def test_windows_1251_is_understood_where_it_is_no_utf8() -> None:
    header = b'form-data; name="other"; filename="' + "чек.pdf".encode("cp1251") + b'"'
    assert parameters(header)[1]["filename"] == "чек.pdf"


def test_a_name_that_only_looks_odd_stays() -> None:
    assert file_name("Ñandú café.jpg", otherwise="other") == "Ñandú café.jpg"
