"""For a WSGI server of your own: ``gunicorn -k gthread --threads 32 wsgi:app``.

Web only: run ``triage work`` beside it, on the same PostgreSQL. ``triage serve`` needs no such
server; docs/operating.md says when this is worth it.
"""

from __future__ import annotations

from triage.cli.start import is_embedded, open_desk, read_settings, web_app
from triage.settings import SettingError

settings = read_settings()
if is_embedded(settings):
    raise SettingError("wsgi.py needs PostgreSQL (TRIAGE_DATABASE_URL); use 'triage serve'.")
app = web_app(open_desk(settings))
