"""The simulator: a source made of seeded data that can be told to misbehave."""
