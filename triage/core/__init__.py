"""Values and decisions: pure functions over frozen values, standard library only."""
