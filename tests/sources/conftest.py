"""How this room's property tests run: no time limit for one example, since a busy machine proves nothing."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
