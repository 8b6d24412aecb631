"""Files of any kind as numbered lines."""
