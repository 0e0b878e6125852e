"""We speak first: what is in the outbox goes out, once, to those who may get it."""
