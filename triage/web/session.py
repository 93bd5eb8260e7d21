"""Who is signed in, and proof that a form was sent from our own page.

The cookie holds the user's id and epoch, when they signed in, the forms' token and the chosen
language: nothing else, and nothing personal.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, session, url_for

from triage.casework import staff
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Refused

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def begin(desk: Desk, user_id: int, epoch: int, language: str) -> None:
    """A new session for a person who has just proved who they are; nothing old is kept.

    A language that was chosen before signing in goes before the account's own.
    """
    chosen = session.get("language_chosen")
    session.clear()
    session.permanent = True  # the cookie's life is settings.session_hours
    session["user"], session["epoch"] = user_id, epoch
    session["since"] = int(desk.now().timestamp())
    session["language"] = chosen or language
    if chosen:
        session["language_chosen"] = chosen
    _forget()


def end() -> None:
    """Sign out; only the language stays."""
    kept = {name: session[name] for name in ("language", "language_chosen") if name in session}
    session.clear()
    session.update(kept)
    _forget()


def _forget() -> None:
    for name in ("actor", "language"):
        g.pop(name, None)


def signed_in(desk: Desk) -> Actor | None:
    """The member of staff behind this request, looked up once."""
    if "actor" not in g:
        g.actor = _find_actor(desk)
    actor: Actor | None = g.actor
    return actor


def _find_actor(desk: Desk) -> Actor | None:
    user_id, epoch, since = (session.get(name) for name in ("user", "epoch", "since"))
    if not (isinstance(user_id, int) and isinstance(epoch, int) and isinstance(since, int)):
        return None
    # The cookie's own age starts anew whenever it is written; the session's does not.
    if desk.now().timestamp() - since > desk.settings.session_hours * 3600:
        return None
    return staff.actor_of_user(desk, user_id, epoch)


def require(desk: Desk, *roles: Role) -> Actor:
    """The actor, who holds one of the roles. Sends strangers to the sign-in page.

    Raises Refused("access.role") for a person without any of the roles.
    """
    actor = signed_in(desk)
    if actor is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else url_for(".start")
        abort(redirect(url_for(".sign_in", next=wanted)))
    if not any(actor.may(role) for role in roles):
        raise Refused("access.role", role=roles[0].value)
    return actor


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
    if origin is not None and origin not in _own_origins(desk):
        raise Refused("page.foreign_form")
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
        raise Refused("page.stale_form")


def _own_origins(desk: Desk) -> set[str]:
    configured = urlsplit(desk.settings.url)
    return {f"{configured.scheme}://{configured.netloc}", request.host_url.rstrip("/")}
