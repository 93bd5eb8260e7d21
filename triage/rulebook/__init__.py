"""Reads the rule book from a folder: core values, or file, line and cure."""

from triage.rulebook.loading import FILES, HUMANE, bind, load, profiles, sources
from triage.rulebook.trouble import RuleError

__all__ = ["FILES", "HUMANE", "RuleError", "bind", "load", "profiles", "sources"]
