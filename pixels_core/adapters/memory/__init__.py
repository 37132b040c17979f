"""A store that forgets everything at its end: for tests, simulations and scripts."""
