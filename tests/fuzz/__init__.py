"""Coverage-guided fuzzing of everything in Python that reads strangers' bytes.

``python -m tests.fuzz --seconds 7200``; see README.md. No test of the ordinary run lives here.
"""
