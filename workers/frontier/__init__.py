"""The URL frontier in Redis: which article or source is next, and which host may be asked."""
