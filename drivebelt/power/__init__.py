"""People and consent: officials, members, ties, dependence, votes. Pure functions and the arrays they work on.

The mechanisms `cadres`, `informal core`, `sittings`, `congresses` and `members` use them; nothing here writes an act.
"""
