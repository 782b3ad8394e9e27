"""One process per solve, forked from a host that has imported everything."""
