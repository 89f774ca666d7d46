"""Edits: what a newspaper changed in an article that it had published, and what kind of change that was."""
