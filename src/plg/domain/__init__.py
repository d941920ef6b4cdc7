"""Rules: pure, synchronous, no framework; of libraries only tables of rules (email-validator)."""
