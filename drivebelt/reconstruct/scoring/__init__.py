"""What was found beside the truth of the run, and beside simpler methods. Only here are an archive and its run joined."""
