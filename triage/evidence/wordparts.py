"""What the parts of a DOCX say about themselves: types, relations, properties, fields.

The rules are those of ECMA-376 part 2 (packages). XML is read by expat with every document type
declaration refused, so that no entity is ever expanded and nothing is fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.parsers import expat

_ELEMENTS = 200_000
_DRIVE = re.compile(r"(?i)^(?:file:/*)?(?:[a-z]:|localhost/)")
_REMOTE = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]{1,}:|\\\\|//)")
_FIELD_TEXT = re.compile(rb"<w:instrText[^>]{0,200}>([^<]{0,2000})")
_FIELD_SIMPLE = re.compile(rb"<w:fldSimple\s[^>]{0,200}w:instr\s*=\s*[\"']\s*(?:DDEAUTO|DDE)\b")
_DDE = re.compile(rb"^\s*(?:DDEAUTO|DDE)\b")
_FIELD_BEGINS = re.compile(rb"w:fldCharType\s*=\s*[\"']begin[\"']")


class NotXml(ValueError):
    """Not well formed, or with a document type declaration (``declared``)."""

    def __init__(self, *, declared: bool = False) -> None:
        super().__init__("a document type" if declared else "not well formed")
        self.declared = declared


@dataclass(frozen=True, kw_only=True)
class Element:
    """``name`` and the keys of ``attributes`` are ``namespace|local`` or just ``local``."""

    name: str
    depth: int
    attributes: dict[str, str]

    @property
    def local(self) -> str:
        return self.name.rpartition("|")[2]


@dataclass(frozen=True, kw_only=True)
class Relation:
    """``kind`` is the last word of its type, e.g. ``hyperlink``."""

    kind: str
    target: str
    external: bool

    @property
    def fetches(self) -> bool:
        """From another machine; a path on the writer's own disk leads nowhere elsewhere."""
        target = unquote(self.target).strip()
        remote = bool(_REMOTE.match(target)) and not _DRIVE.match(target)
        return self.external and remote


def elements(part: bytes) -> list[Element]:
    """In the order of the document. Raises NotXml, also for absurdly many."""
    found: list[Element] = []
    depth = 0
    parser = _parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if len(found) >= _ELEMENTS:
            raise NotXml
        found.append(Element(name=name, depth=depth, attributes=attributes))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    _parse(parser, part)
    return found


def be_well_formed(part: bytes) -> None:
    """Raises NotXml unless the part is XML."""
    _parse(_parser(), part)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="|")

    def refuse(*_: object) -> None:
        raise NotXml(declared=True)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
    try:
        parser.Parse(part, True)
    except NotXml:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotXml from error


def relations(part: bytes) -> list[Relation]:
    """Of a ``.rels`` part. Raises NotXml."""
    return [
        Relation(
            kind=each.attributes.get("Type", "").rpartition("/")[2],
            target=each.attributes.get("Target", ""),
            external=each.attributes.get("TargetMode", "").lower() == "external",
        )
        for each in elements(part)
        if each.local == "Relationship"
    ]


def target_of(relation: Relation, rels_name: str) -> str:
    """The name of the part that a relation in ``rels_name`` leads to."""
    owner = posixpath.dirname(posixpath.dirname(rels_name))
    joined = posixpath.join("/" + owner, relation.target)
    return posixpath.normpath(joined).lstrip("/")


def content_types(part: bytes) -> Iterator[str]:
    """Every content type that ``[Content_Types].xml`` gives out. Raises NotXml."""
    for each in elements(part):
        if each.local in ("Default", "Override"):
            yield each.attributes.get("ContentType", "")


def are_sound_properties(part: bytes) -> bool:
    """ECMA-376 part 2, 11: no element twice, dates typed, nothing else typed or in a language."""
    seen: set[str] = set()
    for each in elements(part)[1:]:
        typed = [value for key, value in each.attributes.items() if key.endswith("|type")]
        in_a_language = any(key.endswith("|lang") for key in each.attributes)
        is_date = each.local in ("created", "modified") and "/dc/terms/" in each.name
        right_type = typed == ["dcterms:W3CDTF"] if is_date else not typed
        if (
            each.name in seen
            or not right_type
            or (in_a_language and each.local not in ("value", "keywords"))
        ):
            return False
        if each.depth == 2:
            seen.add(each.name)
    return True


def starts_programs(part: bytes) -> bool:
    """Does a field (DDE) start another program? Its code may be cut into several runs."""
    if _FIELD_SIMPLE.search(part):
        return True
    for piece in _FIELD_BEGINS.split(part)[1:]:
        code = b"".join(hit[1] for hit in _FIELD_TEXT.finditer(piece))
        if _DDE.match(code.replace(b"&quot;", b'"')):
            return True
    return False
