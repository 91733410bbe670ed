"""A run: what is asked for, the loop over its days, its directory and log, and how it is taken up again."""
