"""What a PDF would do beyond being read, wherever it is kept and however its name is spelt."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from tests.evidence import files
from tests.evidence.conftest import Judge
from triage.core.evidence import Level
from triage.evidence.pdf_actions import in_bytes

Change = Callable[[Pdf], None]
SCRIPT = {"/S": Name.JavaScript, "/JS": "app.alert(1)"}


def with_(change: Change, *, packed: bool = False) -> bytes:
    """A page and a change; ``packed`` puts every object into a compressed stream."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    change(document)
    out = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    document.save(out, object_stream_mode=mode)
    return out.getvalue()


def on_opening(action: dict[str, object]) -> Change:
    def change(document: Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(Dictionary(action))

    return change


def named_script(document: Pdf) -> None:
    tree = Dictionary(
        Names=Array([pikepdf.String("one"), document.make_indirect(Dictionary(SCRIPT))])
    )
    document.Root.Names = Dictionary(JavaScript=tree)


def to_first_page(document: Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def behind_a_number(document: Pdf) -> None:
    """An object that is only a number, as the lengths of streams often are."""
    document.Root.Version = document.make_indirect(7)
    named_script(document)


def form(*, aa: dict[str, object] | None = None, xfa: bool = False) -> Change:
    def change(document: Pdf) -> None:
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="sum")
        field.Rect = Array([10, 10, 90, 30])
        if aa is not None:
            field.AA = Dictionary(aa)
        one = document.make_indirect(field)
        document.pages[0].Annots = Array([one])
        document.Root.AcroForm = Dictionary(Fields=Array([one]))
        if xfa:
            document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")

    return change


def attachment(document: Pdf) -> None:
    document.attachments["prices.csv"] = b"1;2;3"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize(
    ("change", "code", "measured", "level"),
    [
        pytest.param(
            on_opening(SCRIPT), "active_content", "JavaScript", Level.DANGEROUS, id="script"
        ),
        pytest.param(
            behind_a_number, "active_content", "JavaScript", Level.DANGEROUS, id="beside_a_number"
        ),
        pytest.param(
            named_script, "active_content", "JavaScript", Level.DANGEROUS, id="named_script"
        ),
        pytest.param(
            on_opening({"/S": Name.Launch, "/F": "calc.exe"}),
            "active_content",
            "Launch",
            Level.DANGEROUS,
            id="program",
        ),
        pytest.param(
            form(aa={"/K": SCRIPT}),
            "active_content",
            "AA, JavaScript",
            Level.WEAK,
            id="script_of_a_field",
        ),
        pytest.param(
            form(aa={"/PO": SCRIPT}),
            "active_content",
            "JavaScript",
            Level.DANGEROUS,
            id="script_of_a_field_that_runs_by_itself",
        ),
        pytest.param(form(xfa=True), "active_content", "XFA", Level.WEAK, id="form_in_xml"),
        pytest.param(
            on_opening({"/S": Name.SubmitForm, "/F": "http://localhost/"}),
            "active_content",
            "SubmitForm",
            Level.WEAK,
            id="form_that_is_sent",
        ),
        pytest.param(
            on_opening({"/S": Name.URI, "/URI": "http://localhost/"}),
            "active_content",
            "URI",
            Level.WEAK,
            id="address_on_opening",
        ),
        pytest.param(attachment, "embedded_file", 1, Level.WEAK, id="attachment"),
    ],
)
def test_what_a_pdf_would_do_is_named(
    judge: Judge, change: Change, code: str, measured: str | int, level: Level, packed: bool
) -> None:
    found = judge(with_(change, packed=packed)).findings
    assert [(each.code, each.measured, each.level) for each in found] == [
        (f"pdf.{code}", measured, level)
    ]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(to_first_page, id="opens_at_a_page"),
        pytest.param(form(), id="form_without_scripts"),
        pytest.param(on_opening({"/S": Name.GoTo, "/D": "one"}), id="goes_to_a_place"),
    ],
)
def test_what_ordinary_papers_have_is_not_active(judge: Judge, change: Change) -> None:
    assert judge(with_(change)).findings == ()


def test_a_script_in_what_no_strict_reader_opens_is_still_named(judge: Judge) -> None:
    tiny = b"%PDF-1.1\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(app.alert(1))>>>>\n%%EOF\n"
    found = judge(tiny).findings
    assert [(each.code, each.level) for each in found] == [
        ("pdf.corrupt", Level.UNUSABLE),
        ("pdf.active_content", Level.DANGEROUS),
    ]


def test_what_an_update_left_behind_is_worth_a_look(judge: Judge) -> None:
    content = files.pdf()
    at = content.index(b"\n") + 1
    found = judge(content[:at] + b"%/Launch <</F(calc.exe)>>\n" + content[at:]).findings
    assert ("pdf.active_content", Level.WEAK) in [(each.code, each.level) for each in found]


@pytest.mark.parametrize(
    "text", [b"/JSON ", b"/Launcher ", b"(JavaScript)", b"/OpenAction [1 0 R /Fit]", b"/AA"]
)
def test_similar_names_are_no_actions(text: bytes) -> None:
    actions = in_bytes(b"%PDF-1.7\n" + text)
    assert (actions.runs, actions.asks, actions.files) == (set(), set(), 0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"/Filter": Name("/Oink")}, id="unknown_filter"),
        pytest.param(
            {"/Filter": Name.DCTDecode, "/DecodeParms": Array([Dictionary(), Dictionary()])},
            id="uneven",
        ),
    ],
)
def test_a_stream_that_cannot_be_unpacked_is_damage(
    judge: Judge, spoil: dict[str, pikepdf.Object]
) -> None:
    def change(document: Pdf) -> None:
        stream = document.make_stream(b"x\x9c\x03\0\0\0\0\x01")
        for key, value in spoil.items():
            stream[key] = value
        document.Root.PieceInfo = stream

    assert "pdf.damaged" in {each.code for each in judge(with_(change)).findings}
