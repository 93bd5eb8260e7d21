"""For a WSGI server of your own: ``gunicorn -k gthread --threads 32 wsgi:app``.

Web only: run ``triage work`` beside it, on the same PostgreSQL. ``triage serve`` needs no such
server; docs/operating.md says when this is worth it.
"""

from __future__ import annotations

from triage.app import build_desk
from triage.cli.start import is_embedded, read_settings, web_app
from triage.logs import set_up_logs
from triage.settings import SettingError
from triage.store import db

settings = read_settings()
if is_embedded(settings):
    raise SettingError("wsgi.py needs PostgreSQL (TRIAGE_DATABASE_URL); use 'triage serve'.")
set_up_logs(settings.log_level)
desk = build_desk(settings)
db.upgrade(desk.engine)
app = web_app(desk)
