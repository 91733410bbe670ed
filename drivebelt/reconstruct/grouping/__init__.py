"""Which papers carry out one order: links, groups, and the tree of offices they come down."""
