"""Use cases: what a task or a command does with articles and sources. Everything below may be imported from here."""
