"""What customers do to their own complaint from its status page: write, add, withdraw, appeal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triage.casework import appeals, files, history
from triage.casework.assess import get_complaint, settle
from triage.casework.work import ActionRequest, act
from triage.core import people
from triage.core.complaint import Attachment
from triage.core.people import Role
from triage.core.status import OPEN, Action, Status
from triage.desk import Desk
from triage.errors import Conflict, Invalid
from triage.store.tables import Complaint

#: Whoever holds the link or the code: may what the sender's side may, and is told no more.
CUSTOMER = replace(people.CUSTOMER, roles=frozenset({Role.INTAKE}))
WROTE = "customer_message"
LONGEST = 4000  # characters of a message or an appeal


def write(desk: Desk, complaint_id: str, text: str) -> None:
    """A message to whoever looks at the complaint; one that waited for it is back in the queue.

    Raises NotFound, Invalid for no text or too long a one, Conflict for a closed complaint.
    """
    said = _said(text, "message.empty")
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        if Status(row.status) not in OPEN:
            raise Conflict("message.closed")
        now, before = desk.now(), Status(row.status)
        after = Status.QUEUED if before is Status.WAITING_CUSTOMER else before
        history.move(row, CUSTOMER, WROTE, now, after, {"message": said})
        row.wrote_at = now
        settle(desk, session, row)


def add_files(desk: Desk, complaint_id: str, attachments: Sequence[Attachment]) -> None:
    """More files; see ``files.add_evidence``."""
    files.add_evidence(desk, complaint_id, attachments, (), CUSTOMER)


def withdraw(desk: Desk, complaint_id: str) -> None:
    """Close the complaint at the customer's wish. Raises NotFound, Conflict."""
    act(desk, complaint_id, Action.WITHDRAW, CUSTOMER, ActionRequest())


def appeal(desk: Desk, complaint_id: str, new: str, attachments: Sequence[Attachment]) -> None:
    """Another look by another agent, for something ``new`` or a stated error.

    Raises NotFound, Invalid, Conflict where there is nothing to appeal or the time is over.
    """
    reason = _said(new, "appeal.nothing_new")
    check_room(desk, complaint_id, len(attachments))
    act(desk, complaint_id, Action.APPEAL, CUSTOMER, ActionRequest(reason=reason))
    if attachments:
        add_files(desk, complaint_id, attachments)


def check_room(desk: Desk, complaint_id: str, more: int) -> None:
    """Raises Invalid where the complaint has no room for so many more files."""
    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
        count = more + (len(row.evidence) if row is not None else 0)
    if more and count > desk.settings.max_files:
        limit = desk.settings.max_files
        raise Invalid("submission.too_many_files", field="evidence", limit=limit, measured=count)


def check_appeal(desk: Desk, complaint_id: str) -> None:
    """Raises Conflict where an appeal is not possible any more, before files are sent for one."""
    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
        if row is None or appeals.decision_of(row) is None:
            raise Conflict("action.not_allowed", action=Action.APPEAL, actions=[])
        appeals.refuse_late(row, desk.book_of(row.rulebook), desk.now())


def _said(text: str, empty: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid(empty, field="text")
    if len(said) > LONGEST:
        raise Invalid("message.too_long", field="text", limit=LONGEST, measured=len(said))
    return said
