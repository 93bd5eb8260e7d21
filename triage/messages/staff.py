"""What is said about accounts, and the names of what the audit log keeps, by code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STAFF_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "login.one_time_over": "This one-time password is not valid any more. Ask an admin for a "
        "new one.",
        "login.no_role": "Your groups at the identity provider have no role here. Ask an admin of "
        "this service.",
        "login.provider_failed": "The identity provider did not confirm who you are. Try to sign "
        "in again.",
        "login.provider_away": "The identity provider cannot be reached. Try again in a minute.",
        "login.no_passwords": "Passwords of this service are switched off. Sign in with the "
        "identity provider.",
        "code.wrong": "This code is wrong or was used already. Wait for the next code of the app.",
        "code.too_many": "Too many wrong codes. Wait {minutes} minutes and sign in again.",
        "totp.none": "There is no code app to confirm. Start again on the page of your account.",
        "totp.there": "This account has a code app already. Remove it before you set up another.",
        "totp.required": "Your role needs codes of an app. An admin can reset a lost app.",
        "user.wrong_password": "The old password is wrong. Check it and try again.",
        "user.other_password": "The two new passwords differ. Type the new one twice.",
        "user.same_password": "The new password is the old one. Choose another.",
        "user.password_is_login": "The password is much like the login or name. Choose another.",
        "user.common_password": "This password is among the first that are guessed. Choose "
        "another, such as four unrelated words.",
        "user.no_password": "This account signs in with the identity provider. Change the "
        "password there.",
        "user.last_admin": "Nobody else is an admin. Make another account an admin first.",
        "user.oneself": "This is your own account. Another admin can do it.",
        "sitting.unknown": "This session is over already. Load the page again.",
    }
)

AUDIT = {
    "sign_in": "Signed in",
    "sign_in_failed": "Sign-in failed",
    "code_failed": "Wrong code at sign-in",
    "sign_out": "Signed out",
    "session_ended": "Session ended",
    "sessions_ended": "All other sessions ended",
    "password_changed": "Password changed",
    "password_reset": "Password reset by an admin",
    "totp_added": "Code app set up",
    "totp_removed": "Code app removed",
    "totp_required": "Code app made obligatory",
    "totp_optional": "Code app made optional",
    "recovery_used": "Recovery code used",
    "recovery_renewed": "Recovery codes renewed",
    "user_added": "Account made",
    "user_disabled": "Account closed",
    "user_enabled": "Account opened again",
    "role_changed": "Role changed",
    "identity_linked": "Linked with the identity provider",
    "key_added": "API key made",
    "key_revoked": "API key revoked",
    "rulebook_used": "Rule book put in force",
    "model_used": "Model put in force",
}

WAY = {
    "password": "by a password",
    "code": "by a password and a code",
    "recovery": "by a password and a recovery code",
    "provider": "by the identity provider",
}

HEALTH = {"ok": "Works", "degraded": "Works in part", "failed": "Does not work"}

PART = {
    "database": "Database",
    "files": "Storage of files",
    "checks": "Checks of files",
    "model": "Text model",
    "triage": "Triage of complaints",
    "scanner": "Malware scanner",
}
