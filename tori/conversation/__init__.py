"""Talking about deeds: comments, questions in the open and in private, thanks, reports."""
