"""What PLG is measured against, each in its best honest configuration for one core."""
