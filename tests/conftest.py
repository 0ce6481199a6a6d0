"""Settings for every test."""

from hypothesis import settings

# The same examples on every machine and no time limit for each: a red run is a fault, not bad luck.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")
