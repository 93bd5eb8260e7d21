"""Who is signed in, and proof that a form was sent from our own page.

The cookie holds a secret whose hash the database keeps (``casework/sittings.py``), the forms'
token and the chosen language: nothing else, and nothing personal.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, session, url_for

from triage.casework import second_step, sittings, staff
from triage.casework.audit import NOBODY, By
from triage.casework.sittings import Present
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Refused
from triage.languages import LANGUAGES
from triage.web.visitor import where

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Where somebody with a duty is sent, and what else is open to them until it is done.
DUTIES = {"password": "pages.own_password", "totp": "pages.own_app"}
_ALWAYS_OPEN = frozenset({"pages.sign_out", "pages.change_password", "pages.confirm_app"})


def begin(desk: Desk, user_id: int, *, way: str = "password") -> bool:
    """A new session for a person who has just proved who they are; nothing old is kept.

    False where a code of their app is still to be asked for. A language that was chosen before
    signing in goes before the account's own.
    """
    chosen = session.get("language_chosen")
    if "token" in session:
        end(desk)
    session.clear()
    session.permanent = True  # the cookie's life is settings.session_hours
    session["token"] = sittings.begin(desk, user_id, where(), way=way)
    session["language"] = chosen or staff.language_of(desk, user_id)
    if chosen:
        session["language_chosen"] = chosen
    _forget()
    found = present(desk)
    return found is not None and found.proven


def prove(desk: Desk, code: str) -> None:
    """The second step of this session. Raises Refused, NotFound."""
    try:
        second_step.prove(desk, str(session.get("token", "")), code, by(desk))
    finally:
        _forget()
    renew(desk)


def renew(desk: Desk) -> None:
    """A new secret for the same session: whoever had the old one is out."""
    session["token"] = sittings.renew(desk, str(session["token"]))
    session.pop("csrf", None)
    _forget()


def end(desk: Desk) -> None:
    """Sign out; only the language stays."""
    if "token" in session:
        sittings.end(desk, str(session["token"]), by(desk))
    kept = {name: session[name] for name in ("language", "language_chosen") if name in session}
    session.clear()
    session.update(kept)
    _forget()


def _forget() -> None:
    for name in ("present", "language"):
        g.pop(name, None)


def present(desk: Desk) -> Present | None:
    """Whoever has a session, looked up once; maybe without the second step (``proven``)."""
    if "present" not in g:
        token = session.get("token")
        g.present = sittings.find(desk, token) if isinstance(token, str) else None
    found: Present | None = g.present
    return found


def signed_in(desk: Desk) -> Actor | None:
    """The member of staff behind this request."""
    if g.get("without_visitor"):  # the page of an error that may be the database's
        return None
    found = present(desk)
    return found.actor if found is not None and found.proven else None


def by(desk: Desk) -> By:
    """The doer, for the audit log."""
    return By(signed_in(desk) or NOBODY, where().network)


def require(desk: Desk, *roles: Role) -> Actor:
    """The actor, who holds one of the roles. Sends strangers to the sign-in page.

    Raises Refused("access.role") for a person without any of the roles.
    """
    actor = required(desk).actor
    if not any(actor.may(role) for role in roles):
        raise Refused("access.role", role=roles[0].value)
    return actor


def required(desk: Desk) -> Present:
    """Whoever is signed in, in any role; others are sent to where they must go first."""
    found = present(desk)
    if found is None or not found.proven:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else url_for(".start")
        step = "pages.sign_in" if found is None else "pages.code"
        abort(redirect(url_for(step, next=wanted)))
    page = DUTIES.get(found.duty or "")
    if page and request.endpoint != page and request.endpoint not in _ALWAYS_OPEN:
        abort(redirect(url_for(page)))
    return found


def keep_language(desk: Desk) -> None:
    """A language that somebody signed in has just chosen becomes the account's."""
    asked = request.args.get("lang")
    found = present(desk) if asked in LANGUAGES and "token" in session else None
    if found is not None and found.proven and found.language != asked:
        staff.set_language(desk, found.user_id, str(asked))


def local_path(wanted: str | None, otherwise: str) -> str:
    """Where to go after signing in: a path of ours, never another site's address."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    return otherwise if any(ord(letter) < 32 for letter in wanted) else wanted


def csrf_token() -> str:
    """The token that every form of this session carries."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_origin(desk: Desk) -> None:
    """Refuse a change that was not sent from our own page in this session.

    What the browser says about the sender goes first: it needs no token and cannot be forged by
    another page. Raises Refused("page.foreign_form" or "page.stale_form").
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise Refused("page.foreign_form")
    origin = request.headers.get("Origin")
    hidden = origin is not None and _is_hidden_by_us(origin, site)
    if origin is not None and not hidden and origin not in _own_origins(desk):
        raise Refused("page.foreign_form")
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
        raise Refused("page.stale_form")


def _is_hidden_by_us(origin: str, site: str | None) -> bool:
    """Browsers send ``null`` from the status page, whose address goes to nobody (no-referrer).

    The browser's own word about the sender, or for old browsers the token, still proves it.
    """
    ours = site in ("same-origin", None) and request.path.startswith("/status")
    return origin == "null" and ours


def _own_origins(desk: Desk) -> set[str]:
    configured = urlsplit(desk.settings.url)
    return {f"{configured.scheme}://{configured.netloc}", request.host_url.rstrip("/")}
