"""What is kept: documents, ledger, sources and tallies in Elasticsearch; pages; the index stream."""
