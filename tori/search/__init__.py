"""Search: Finnish analysis, engines behind one port, facets from memory, suggestions."""
