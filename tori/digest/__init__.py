"""The digest: what has happened, told to those who want to hear of it, each thing once."""
