"""Look at files: one check a file, run in a limited child process for every upload.

``Examiner(Limits()).examine(item, fd)`` is all that the rest of Triage uses, with
``same_file_twice`` for what only a complaint as a whole can show and ``ACCEPTED`` for the
policy page. No picture, PDF or archive is ever parsed in the calling process.
"""

from triage.evidence.accepted import ACCEPTED, EXTENSIONS, accepted_types, switched_off
from triage.evidence.duplicates import same_file_twice
from triage.evidence.examiner import Examiner
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.looking import Looked, look
from triage.evidence.malware import Clamd, Outcome, Scan

__all__ = (
    "ACCEPTED",
    "EXTENSIONS",
    "Clamd",
    "Examiner",
    "Item",
    "Judged",
    "Limits",
    "Looked",
    "Outcome",
    "Scan",
    "accepted_types",
    "look",
    "same_file_twice",
    "switched_off",
)
