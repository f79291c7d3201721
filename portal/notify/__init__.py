"""The sender: what waits in the outbox leaves, in neutral words, until a gateway has taken it."""
