"""The demonstration: a hub of invented people on this machine only, with a card to sign in as each of them.

Its folder holds everything it needs, the wrapping keys apart from the data. Its pages exist only in a process whose
settings say "demonstration", answer only to this machine, and only over a database that was made as one.
"""
