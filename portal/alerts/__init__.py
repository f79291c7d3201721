"""Flags that a person must open: who is told, by when, who has it, and how it ended."""
