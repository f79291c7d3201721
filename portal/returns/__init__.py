"""Your side: is a young person safe, what do they want to say, and to whom it goes."""
