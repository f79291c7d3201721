"""What a WSGI server loads, by the name `wsgi:app`; its settings come from the environment."""

from portal import logs
from portal.app import create_app

logs.begin()
app = create_app()
