"""Signing in with an identity provider: OpenID Connect, by the code flow with PKCE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # has no stubs
from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]
from flask import Blueprint, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from triage.casework import accounts
from triage.casework.accounts import Claims
from triage.desk import Desk
from triage.errors import Refused, TriageError, Unavailable
from triage.settings import Settings
from triage.web import session
from triage.web.account import admitted, sign_in_page
from triage.web.visitor import where

SECONDS = 10  # that the provider may take to answer
MOST_GROUPS = 500
ONWARD = "provider_next"
log = structlog.get_logger(__name__)


def add_provider_pages(pages: Blueprint, desk: Desk) -> None:
    """Two addresses, which are there where the settings name a provider.

    State, nonce and the secret of PKCE wait in the visitor's signed cookie for the way back.
    """
    if not desk.settings.oidc_issuer:
        return
    oauth = OAuth()
    pages.record_once(lambda setup: oauth.init_app(setup.app))
    _register(oauth, desk.settings)

    @pages.get("/sign-in/provider")
    def to_provider() -> ResponseReturnValue:
        _forget_earlier()
        cookie[ONWARD] = session.local_path(request.args.get("next"), url_for(".start"))
        back = desk.settings.url + url_for(".from_provider")
        try:
            answer: ResponseReturnValue = oauth.provider.authorize_redirect(back)
        except (RequestException, AuthlibBaseError, ValueError, KeyError) as error:
            return _refused(desk, Unavailable("login.provider_away"), error)
        return answer

    @pages.get("/sign-in/provider/back")
    def from_provider() -> ResponseReturnValue:
        onward = session.local_path(cookie.pop(ONWARD, None), url_for(".start"))
        try:
            token = oauth.provider.authorize_access_token(leeway=60)
            claims = _claims(desk.settings, oauth.provider, token)
            user_id = accounts.welcome(desk, claims, where().network)
        except RequestException as error:
            return _refused(desk, Unavailable("login.provider_away"), error)
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            return _refused(desk, Refused("login.provider_failed"), error)
        except Refused as refusal:
            return sign_in_page(desk, onward, refusal)
        return admitted(desk, user_id, onward, way="provider")


def _register(oauth: OAuth, settings: Settings) -> None:
    issuer = settings.oidc_issuer.rstrip("/")
    oauth.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.oidc_scopes,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


def _forget_earlier() -> None:
    """Attempts that were given up would fill the cookie."""
    for name in [each for each in cookie if each.startswith("_state_provider_")]:
        cookie.pop(name)


def _claims(settings: Settings, provider: Any, token: Mapping[str, Any]) -> Claims:
    """What the signed ID token says, and the groups, which some providers tell only when asked.

    Raises KeyError where the answer held no ID token: then nobody vouches for anything.
    """
    said: Mapping[str, Any] = token["userinfo"]
    if str(said["iss"]).rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise ValueError("another issuer")
    groups = _groups(said, settings.oidc_roles_claim)
    more: Mapping[str, Any] = {}
    if not groups or "name" not in said:
        more = provider.userinfo(token=token)
        if more.get("sub") != said["sub"]:
            raise ValueError("the user info is about somebody else")
    told = {**more, **said}
    login = str(told.get("preferred_username") or told.get("email") or "")
    return Claims(
        issuer=settings.oidc_issuer.rstrip("/"),
        subject=_subject(said),
        login=login,
        name=str(told.get("name") or login),
        groups=groups or _groups(more, settings.oidc_roles_claim),
    )


def _subject(claims: Mapping[str, Any]) -> str:
    """At most 255 characters (OpenID Connect Core, 2); a cut one might be somebody else's."""
    subject = str(claims["sub"])
    if not subject or len(subject) > 255:
        raise ValueError("no subject")
    return subject


def _groups(claims: Mapping[str, Any], path: str) -> Sequence[str]:
    """The claim at the path as words; dots lead down where no claim has the whole name."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return found.split()
    return [str(each) for each in found[:MOST_GROUPS]] if isinstance(found, list) else []


def _refused(desk: Desk, told: TriageError, cause: Exception) -> ResponseReturnValue:
    # The kind alone: what a provider answers may hold somebody's name or a code.
    log.warning("sign_in_by_provider_failed", kind=type(cause).__name__)
    return sign_in_page(desk, url_for(".start"), told)
