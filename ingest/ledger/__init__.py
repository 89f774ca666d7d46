"""The ledger's values: a record, how it moves, and the daily counts of polls."""
