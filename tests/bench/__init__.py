"""The bars of speed and size, measured in one run. `./run bench [--json]`."""
