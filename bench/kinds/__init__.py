"""A labelled set of made pictures for the check of the kind, and its measurement."""
