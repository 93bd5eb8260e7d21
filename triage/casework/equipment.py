"""What files are judged with under these settings: the limits of the checks and the scanner."""

from __future__ import annotations

from triage.evidence import Clamd, Limits, switched_off
from triage.settings import SettingError, Settings


def limits_of(settings: Settings) -> Limits:
    """Raises SettingError for a type that is switched off and is not known."""
    try:
        return Limits(switched_off=switched_off(settings.switched_off), ocr=settings.ocr)
    except ValueError as error:
        raise SettingError(f"TRIAGE_SWITCHED_OFF {error}") from error


def scanner_of(settings: Settings) -> Clamd | None:
    """None where no scanner is set up. Raises SettingError for an address that is none."""
    if not settings.clamd:
        return None
    try:
        return Clamd(
            settings.clamd, max_bytes=settings.clamd_max_bytes, required=settings.scan_required
        )
    except ValueError as error:
        raise SettingError(f"TRIAGE_CLAMD {error}") from error
