"""What Prometheus asks for: `python -m workers metrics` looks at Redis and Elasticsearch each time it is asked."""
