"""Look at files: one check a file, run in a limited child process.

``look`` and ``look_together`` with an ``Examiner(Limits())`` and its ``preview`` are all that the
rest of Triage uses, with ``same_file_twice`` for what only a complaint as a whole can show and
``ACCEPTED`` for the policy page. No picture, PDF or archive is ever parsed in the calling process.
"""

from triage.evidence.accepted import ACCEPTED, EXTENSIONS, accepted_types, switched_off
from triage.evidence.duplicates import same_file_twice
from triage.evidence.examiner import Examiner, NobodyLooked
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.looking import Looked, look, look_together
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
    "NobodyLooked",
    "Outcome",
    "Scan",
    "accepted_types",
    "look",
    "look_together",
    "same_file_twice",
    "switched_off",
)
