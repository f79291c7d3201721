"""Help and the numbers that answer: no sign-in, no database, and there when the rest is not."""
