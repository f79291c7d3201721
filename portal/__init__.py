"""Rowan: where young people who went missing, and their families, tell a safeguarding hub their side."""
