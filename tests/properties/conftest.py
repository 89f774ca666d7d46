"""Properties have no time limit for each example: a busy machine would break them."""

from hypothesis import settings

settings.register_profile("warraq", settings.default, deadline=None)
settings.load_profile("warraq")
