"""Complaints that a customer is still writing: answers and files are kept until they are filed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select

from triage.casework import access, answer, uploading, words
from triage.casework.assess import predict
from triage.casework.casefile import judged_of
from triage.casework.policy import kind_of_evidence
from triage.casework.submit import Idempotency, evidence_row, submit
from triage.core.case import CaseFile
from triage.core.checklist import Requirement
from triage.core.complaint import Attachment, Channel, Priority, Submission
from triage.core.decision import decide
from triage.core.people import Actor
from triage.core.policy import Require, Rule, RuleBook
from triage.desk import Desk
from triage.errors import Conflict, NotFound
from triage.store.drafts import KEPT, Draft, Upload
from triage.store.tables import Complaint, Evidence


def begin(desk: Desk) -> str:
    """A new draft's secret, which only the customer's browser keeps."""
    secret = secrets.token_urlsafe(32)
    now, name = desk.now(), _hash(secret)
    row = Draft(
        id=name,
        owner=f"customer:{name[:32]}",
        answers={},
        made_at=now,
        expires_at=now + KEPT,
    )
    with desk.sessions.begin() as session:
        session.add(row)
    return secret


def find(desk: Desk, secret: str | None) -> Draft | None:
    """The draft of that secret while it is kept, also after it was filed."""
    if not secret:
        return None
    with desk.reading() as session:
        row = session.get(Draft, _hash(secret))
    return row if row is not None and row.expires_at > desk.now() else None


def get(desk: Desk, secret: str | None) -> Draft:
    """The draft that is still being written. Raises NotFound, and Conflict for a filed one."""
    row = find(desk, secret)
    if row is None:
        raise NotFound("draft.unknown")
    if row.complaint_id is not None:
        raise Conflict("draft.filed")
    return row


def actor_of(draft: Draft) -> Actor:
    """Whoever writes this draft: the files that were uploaded for it are theirs alone."""
    return Actor(id=draft.owner, name="Customer")


def write(desk: Desk, draft: Draft, answers: Mapping[str, str]) -> Draft:
    """Keep what was typed, as it was typed; an empty answer takes an earlier one away."""
    with desk.sessions.begin() as session:
        row = session.get(Draft, draft.id, with_for_update=True)
        if row is None:
            raise NotFound("draft.unknown")
        if row.complaint_id is not None:
            raise Conflict("draft.filed")
        together = {**row.answers, **answers}
        row.answers = {name: said for name, said in together.items() if said}
        row.expires_at = desk.now() + KEPT
        return row


def files_of(desk: Desk, draft: Draft) -> list[Evidence]:
    """The staged files of the draft, the oldest first."""
    query = select(Evidence).where(
        Evidence.added_by == draft.owner, Evidence.complaint_id.is_(None)
    )
    with desk.reading() as session:
        return list(session.scalars(query.order_by(Evidence.added_at, Evidence.id)))


def add_file(desk: Desk, draft: Draft, attachment: Attachment) -> str:
    """Stage a file that came whole, and have it judged; its id. Raises Invalid for too many."""
    with desk.sessions.begin() as session:
        uploading.make_room(desk, session, draft.owner, attachment.size)
        row = evidence_row(attachment, actor_of(draft), desk.now())
        session.add(row)
    uploading.judge(desk, row.id)
    return row.id


def remove_file(desk: Desk, draft: Draft, file_id: str) -> None:
    """Take a file out of the draft, be it whole or still coming. Raises NotFound."""
    with desk.sessions.begin() as session:
        row = session.get(Evidence, file_id)
        if row is not None and row.added_by == draft.owner and row.complaint_id is None:
            session.execute(delete(Upload).where(Upload.evidence_id == row.id))
            session.delete(row)
            return
    uploading.remove(desk, file_id, actor_of(draft))


def file(desk: Desk, secret: str, submission: Submission) -> str:
    """File the draft as a complaint of the web channel, once however often it is sent; its number.

    Raises what ``submit`` raises; the draft is then as it was.
    """
    draft = find(desk, secret)
    if draft is None:
        raise NotFound("draft.unknown")
    if draft.complaint_id is None:
        staged = tuple(each.id for each in files_of(desk, draft))
        whole = replace(submission, channel=Channel.WEB, staged=staged)
        once = Idempotency(f"draft:{draft.id}", draft.id)
        receipt = submit(desk, whole, actor_of(draft), once)
        _close(desk, draft, receipt.complaint_id)
        return receipt.complaint_id
    return draft.complaint_id


def _close(desk: Desk, draft: Draft, complaint_id: str) -> None:
    """Erase what was typed; the complaint has it now. What was still coming in is forgotten."""
    for upload in uploading.list_open(desk, draft.owner):
        uploading.remove(desk, upload.id, actor_of(draft))
    with desk.sessions.begin() as session:
        row = session.get_one(Draft, draft.id)
        row.answers, row.complaint_id = {}, complaint_id


def receipt(desk: Desk, secret: str | None, language: str) -> dict[str, Any]:
    """What the customer is shown of the complaint that they have filed, with its access code."""
    draft = find(desk, secret)
    if draft is None or draft.complaint_id is None:
        raise NotFound("draft.unknown")
    with desk.reading() as session:
        code = access.code_in_force(desk, session.get_one(Complaint, draft.complaint_id))
    token = answer.status_token(desk, draft.complaint_id)
    found = answer.status_page(desk, token, language)
    dangers = [each for each in found["warnings"] if _is_danger(desk.book.find_rule(each["rule"]))]
    return {
        **found,
        "dangers": dangers,
        "warnings": [each for each in found["warnings"] if each not in dangers],
        "access_code": code,
        "status_url": f"{desk.settings.url}/status/{token}",
    }


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the rules would say of a complaint that is not filed yet, in the reader's language."""

    checklist: list[dict[str, Any]]
    dangers: list[str]  # warnings of the rules that make a case urgent
    warnings: list[str]
    questions: list[str]


def preview_checklist(
    desk: Desk, submission: Submission, files: list[Evidence], language: str
) -> Preview:
    """Ask the rule book about a complaint as if it were filed now, with these staged files.

    A line of the checklist is that of the contract, with ``instead`` (kind and count) and the
    name, hint and limits of its kind as ``GET /policy`` gives them.
    """
    book, now = desk.book, desk.now()
    case = CaseFile(
        channel=Channel.WEB,
        filed_at=now,
        language=submission.language,
        claimed=submission.problem_type,
        evidence=tuple(judged_of(each) for each in files),
        **{name: getattr(submission, name) for name in answer.ORDER_FACTS},
    )
    prediction = predict(desk, submission.text, submission.language)
    decision = decide(case, prediction, book, now)
    rules = [book.by_id[each] for each in decision.warnings]
    warned = [(rule, words.text(rule.then.warn, language)) for rule in rules]
    return Preview(
        checklist=[_line(desk, book, each, language) for each in decision.checklist],
        dangers=[said for rule, said in warned if _is_danger(rule)],
        warnings=[said for rule, said in warned if not _is_danger(rule)],
        questions=[words.text(book.by_id[each].then.ask, language) for each in decision.questions],
    )


def other_kinds(desk: Desk, asked: set[str], language: str) -> list[dict[str, Any]]:
    """The kinds of evidence that the rules do not ask for here; whoever has one may send it."""
    kinds = desk.book.evidence_types.values()
    return [kind_of_evidence(desk, each, language) for each in kinds if each.kind not in asked]


def _line(desk: Desk, book: RuleBook, line: Requirement, language: str) -> dict[str, Any]:
    kind = kind_of_evidence(desk, book.evidence_types[line.kind], language)
    instead = [
        {"kind": str(each.kind), "count": each.count}
        for each in _require_of(book, line).instead
        if each.kind
    ]
    why = words.text(line.why, language)
    return {**line.to_json(), **kind, "why": why, "instead": instead}


def _require_of(book: RuleBook, line: Requirement) -> Require:
    rule = book.by_id[line.rule]
    return next(each for each in rule.then.require if each.kind is line.kind)


def _is_danger(rule: Rule | None) -> bool:
    return rule is not None and rule.then.at_least is Priority.URGENT


def discard(desk: Desk, draft: Draft) -> None:
    """Erase the draft with those of its files that no complaint has."""
    for upload in uploading.list_open(desk, draft.owner):
        uploading.remove(desk, upload.id, actor_of(draft))
    unused = Evidence.added_by == draft.owner, Evidence.complaint_id.is_(None)
    with desk.sessions.begin() as session:
        session.execute(delete(Evidence).where(*unused))
        session.execute(delete(Draft).where(Draft.id == draft.id))


def expire(desk: Desk) -> int:
    """Erase drafts whose time is over; how many."""
    with desk.reading() as session:
        old = session.scalars(select(Draft).where(Draft.expires_at <= desk.now())).all()
    for draft in old:
        discard(desk, draft)
    return len(old)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
