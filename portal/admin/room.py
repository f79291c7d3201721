"""The blueprint of the administrators', managers' and auditors' pages."""

from portal.access import Room

bp = Room("admin", __name__)
