"""Rules: pure, synchronous, standard library only."""
