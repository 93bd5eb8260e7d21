"""One frozen Settings from the environment: every setting, its default and its help."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
_DATA, _RULES, _MODELS = Path("data"), Path("rules"), Path("models")


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"help": says})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read with ``Settings.from_environment()``; the variable is ``TRIAGE_`` + the field's name."""

    data_dir: Path = _setting(_DATA, "Folder of the embedded database, files and secrets.")
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8000, "Port to listen on.")
    public_url: str = _setting("", "Address that customers see; empty: http://HOST:PORT.")
    proxies: int = _setting(0, "Reverse proxies before us whose X-Forwarded-For is believed.")
    database_url: str = _setting(
        "", "SQLAlchemy URL: sqlite:///… or postgresql://…; empty: DATA_DIR/triage.db."
    )
    blobs_url: str = _setting(
        "", "Where files are kept: a folder or s3://bucket/prefix; empty: DATA_DIR/evidence."
    )
    s3_endpoint: str = _setting("", "Address of an S3 server other than Amazon's.")
    s3_access_key_id: str = _setting("", "S3 access key.")
    s3_secret_access_key: str = _setting("", "S3 secret key.")
    s3_region: str = _setting("us-east-1", "S3 region.")
    secret_key: str = _setting(
        "", "Signs sessions and status links; empty: made once, kept in DATA_DIR/secret_key."
    )
    rules_dir: Path = _setting(_RULES, "Folder of the rule book.")
    rules_profile: str = _setting("humane", "Profile of the rule book: humane or strict_seed.")
    shadow_rules: str = _setting(
        "", "Rule book that decides beside the one in force, without effect: a folder or a version."
    )
    models_dir: Path = _setting(_MODELS, "Folder of the trained classifiers.")
    threads: int = _setting(32, "Requests that are served at the same time.")
    workers: int = _setting(8, "Complaints that are triaged at the same time in this process.")
    triage_wait_seconds: float = _setting(10.0, "How long an answer waits for triage (then 202).")
    max_request_bytes: int = _setting(1024 * MIB, "All files of one request together, in bytes.")
    max_files: int = _setting(30, "Files of one complaint.")
    lease_minutes: int = _setting(15, "How long a claimed complaint stays with an agent.")
    session_hours: int = _setting(12, "How long a person stays signed in.")
    session_idle_minutes: int = _setting(60, "Without a request for so long, a session ends.")
    logins_per_minute: int = _setting(10, "Sign-in attempts a minute from one address.")
    totp_required_roles: str = _setting(
        "", "Roles that must sign in with a code of an app, too, e.g. admin,qa."
    )
    local_passwords: bool = _setting(True, "Staff may sign in with a password of this service.")
    oidc_issuer: str = _setting(
        "", "Identity provider (OpenID Connect) that staff sign in with; empty: none."
    )
    oidc_client_id: str = _setting("", "Our name at the identity provider.")
    oidc_client_secret: str = _setting("", "Our secret at the identity provider.")
    oidc_name: str = _setting("", "What the sign-in page calls the provider; empty: its host.")
    oidc_scopes: str = _setting("openid profile email", "What the provider is asked for.")
    oidc_roles_claim: str = _setting(
        "roles", "Claim that names somebody's groups; a.b goes deeper."
    )
    oidc_roles: str = _setting(
        "",
        "Which group has which role: GROUP=ROLE,…; the highest counts, without one nobody enters.",
    )
    rate_per_minute: int = _setting(0, "Requests a minute of one API key; 0: no limit.")
    switched_off: str = _setting(
        "", "Media types that are refused for now, e.g. image/heic,image/avif."
    )
    ocr: bool = _setting(
        False, "Read the print of receipts without a QR code, if tesseract is installed."
    )
    clamd: str = _setting(
        "", "Malware scanner: unix:/run/clamav/clamd.ctl or tcp://host:3310; empty: none."
    )
    clamd_max_bytes: int = _setting(
        25 * MIB, "What clamd.conf lets clamd scan whole; larger files count as not scanned."
    )
    scan_required: bool = _setting(
        False, "A file that was not scanned is pending and its original locked."
    )
    rescan_days: int = _setting(30, "Clean files are scanned again after so many days; 0: never.")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR.")
    demo: bool = _setting(False, "Make a demo API key and demo accounts on the first start.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process; raises SettingError, which names the bad one."""
        known = {variable(f): f for f in fields(cls)}
        given = {f.name: _value(f, environment[n]) for n, f in known.items() if n in environment}
        return cls(**given)

    def __post_init__(self) -> None:
        _check(0 <= self.port <= 65535, "TRIAGE_PORT must be a number from 0 to 65535.")
        for name in _AT_LEAST_ONE:
            _check(getattr(self, name) >= 1, f"TRIAGE_{name.upper()} must be at least 1.")
        for name in ("proxies", "rescan_days"):
            _check(getattr(self, name) >= 0, f"TRIAGE_{name.upper()} must not be negative.")
        _check(
            bool(self.clamd) or not self.scan_required,
            "TRIAGE_SCAN_REQUIRED needs TRIAGE_CLAMD: without a scanner no file would be taken.",
        )
        _check_sign_in(self)
        levels = ("DEBUG", "INFO", "WARNING", "ERROR")
        _check(self.log_level in levels, f"TRIAGE_LOG_LEVEL must be one of {', '.join(levels)}.")
        url = self.database
        _check(
            url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")),
            "TRIAGE_DATABASE_URL must start with sqlite:/// or postgresql://.",
        )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force, with the driver that we ship."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'triage.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def url(self) -> str:
        """The address that people reach this service at, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


class SettingError(Exception):
    """A setting is wrong; the message is a sentence that names it and the cure."""


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like settings and are none: worth a warning at the start."""
    known = {variable(f) for f in fields(Settings)} | {"TRIAGE_REQUIRE_ALL"}  # the tests' own
    return sorted(name for name in environment if name.startswith("TRIAGE_") and name not in known)


def variable(setting: Field[Any]) -> str:
    """The environment variable of a field of Settings."""
    return f"TRIAGE_{setting.name.upper()}"


def _value(setting: Field[Any], text: str) -> Any:
    default: object = setting.default
    if isinstance(default, bool):
        _check(text.lower() in _BOOLEANS, f"{variable(setting)} must be true or false.")
        return _BOOLEANS[text.lower()]
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError as error:
            raise SettingError(f"{variable(setting)} must be a number, not {text!r}.") from error
    return Path(text) if isinstance(default, Path) else text


_AT_LEAST_ONE = (
    "threads", "workers", "max_request_bytes", "max_files", "lease_minutes", "clamd_max_bytes",
    "session_hours", "session_idle_minutes",
)  # fmt: skip
_BOOLEANS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def pairs(text: str) -> list[tuple[str, str]]:
    """``A=B,C=D`` as pairs; a part without ``=`` has an empty second half."""
    parts = (part.strip().rpartition("=") for part in text.split(",") if part.strip())
    return [(name.strip() or value, value.strip() if sign else "") for name, sign, value in parts]


def names(text: str) -> tuple[str, ...]:
    """``a, b`` as names."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


_ROLES = ("intake", "agent", "qa", "admin")


def _check_sign_in(settings: Settings) -> None:
    """Nobody could sign in by settings that are half there."""
    is_known = set(names(settings.totp_required_roles)) <= set(_ROLES)
    _check(is_known, f"TRIAGE_TOTP_REQUIRED_ROLES may name: {', '.join(_ROLES)}.")
    if not settings.oidc_issuer:
        _check(settings.local_passwords, "TRIAGE_LOCAL_PASSWORDS=false needs TRIAGE_OIDC_ISSUER.")
        return
    host = settings.oidc_issuer.partition("://")[2].partition("/")[0].partition(":")[0]
    _check(
        settings.oidc_issuer.startswith("https://") or host in ("127.0.0.1", "localhost"),
        "TRIAGE_OIDC_ISSUER must start with https://.",
    )
    for name in ("oidc_client_id", "oidc_client_secret", "oidc_roles"):
        wanted = f"TRIAGE_OIDC_ISSUER needs TRIAGE_{name.upper()}."
        _check(bool(getattr(settings, name)), wanted)
    _check(
        all(role in _ROLES for _, role in pairs(settings.oidc_roles)),
        f"TRIAGE_OIDC_ROLES must be GROUP=ROLE,… with the roles {', '.join(_ROLES)}.",
    )


def _check(holds: bool, sentence: str) -> None:
    if not holds:
        raise SettingError(sentence)
