"""What the tests need of the machine they run on: a browser, and a PostgreSQL server.

Each is looked for, then made without root where that can be done; what cannot be had is `Missing`,
whose sentence ends with the line to type. Nothing here skips.
"""

from tests.machine.browser import chromium_arguments, find_chromium, running_chromium
from tests.machine.missing import Missing
from tests.machine.postgres import Database, fresh_database, postgres_server, template_database

__all__ = [
    "Database",
    "Missing",
    "chromium_arguments",
    "find_chromium",
    "fresh_database",
    "postgres_server",
    "running_chromium",
    "template_database",
]
