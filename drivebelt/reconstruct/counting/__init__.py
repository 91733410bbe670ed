"""How many papers there ever were: what is known of the numbers of registers, and what is drawn for the rest."""
