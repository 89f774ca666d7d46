"""When a source is polled, what a poll reads, and what it brought."""
