"""The room's blueprint, on its own so that the pages can be split by what they are about."""

from portal.access import Room

bp = Room("episodes", __name__)
