"""The room's blueprint, on its own so that the pages can be split by who reads them."""

from portal.access import Room

bp = Room("contact", __name__)
