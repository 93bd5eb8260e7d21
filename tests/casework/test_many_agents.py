"""Two agents never get the same complaint, however many processes ask at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.desks import INTAKE, MONDAY
from triage.casework.submit import submit
from triage.core.complaint import Submission
from triage.store.tables import Complaint

AGENTS, CASES = 6, 60
AGENT = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
from tests.desks import MONDAY
from triage import rulebook
from triage.casework.work import claim_next
from triage.core.people import Actor, Role
from triage.settings import Settings
from triage.store import db

name, url, root = sys.argv[1:]
engine = db.open_engine(url, pool_size=2)
book = rulebook.load(Path(root) / "rules")
desk = SimpleNamespace(
    settings=Settings(), sessions=db.writing(engine), book_of=lambda version: book,
    now=lambda: MONDAY,
)
actor = Actor(id="user:" + name, name=name, roles=frozenset({Role.AGENT}), is_person=True)
print("ready", flush=True)
sys.stdin.readline()
taken = []
while (complaint := claim_next(desk, actor)) is not None:
    taken.append(complaint)
print(json.dumps(taken))
"""


def test_processes_that_claim_at_once_share_the_queue_without_overlap(desk, database_url):
    for number in range(CASES):
        receipt = submit(desk, Submission(text="x", order_number=f"9780809{number:02}"), INTAKE)
        with desk.sessions.begin() as session:
            row = session.get_one(Complaint, receipt.complaint_id)
            row.status, row.in_queue = "queued", True
            row.due_at = MONDAY + timedelta(hours=number)
    root = str(Path(__file__).parents[2])
    agents = [
        subprocess.Popen(
            [sys.executable, "-c", AGENT, str(n), database_url, root],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(AGENTS)
    ]
    for agent in agents:
        assert agent.stdout.readline() == "ready\n"
    for agent in agents:
        agent.stdin.write("go\n")
        agent.stdin.flush()
    taken = [json.loads(agent.communicate(timeout=120)[0]) for agent in agents]

    assert max(Counter(case for cases in taken for case in cases).values()) == 1
    assert sum(map(len, taken)) == CASES
