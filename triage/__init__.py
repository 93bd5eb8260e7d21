"""Triage: customers' complaints in, judged, classified and queued cases out."""

__version__ = "0.1.0"
