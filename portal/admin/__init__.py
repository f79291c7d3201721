"""How the hub is run: people and their access, what is kept and for how long, and who is in charge of it."""
