"""What Celery and kombu lack for this load: one client per channel, batched events, templated messages, a watchdog."""
