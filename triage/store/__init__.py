"""Keep things: the database, the files, the promised jobs. Rows are rows; nothing decides here."""

from triage.store import attempts as _attempts  # noqa: F401 - its table belongs to the schema
from triage.store import books as _books  # noqa: F401 - its tables belong to the schema
from triage.store import drafts as _drafts  # noqa: F401 - its tables belong to the schema
from triage.store import entries as _entries  # noqa: F401 - its table belongs to the schema
from triage.store import films as _films  # noqa: F401 - its table belongs to the schema
from triage.store import people as _people  # noqa: F401 - its tables belong to the schema
from triage.store import pictures as pictures  # its tables belong to the one schema
from triage.store import receipts as _receipts  # noqa: F401 - its table belongs to the schema
from triage.store import tallies as _tallies  # noqa: F401 - its table belongs to the schema
from triage.store import workplaces as _workplaces  # noqa: F401 - its tables belong to the schema
