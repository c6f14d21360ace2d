"""Files -> what they hold."""
