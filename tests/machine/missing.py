"""The one error of this package."""


class Missing(Exception):
    """Something a test needs is not on this machine; the sentence says what to type."""
