"""Which texts are false: the signs, and what they weigh together."""
