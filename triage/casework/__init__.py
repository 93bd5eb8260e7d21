"""The verbs: gather, decide, apply. The only place where a transaction is opened and closed."""
