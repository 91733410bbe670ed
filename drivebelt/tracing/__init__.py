"""The path of a matter: from the first mover to the last cell, as a tree that can be read aloud."""
