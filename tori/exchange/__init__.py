"""Deeds in and out: one parser, validator and writer of a line for files, the API and the seed content."""
