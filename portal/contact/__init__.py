"""Asking for something, and being answered by a day."""
