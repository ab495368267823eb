"""RASP as a library: ``from raspc.tracr import rasp``, or, as in Tracr, ``from tracr.rasp import rasp``."""

from raspc.tracr.rasp import causal_eval, rasp
from raspc.tracr.rasp.rasp import *  # noqa: F403
from raspc.tracr.rasp.rasp import __all__ as _names

__all__ = [*_names, "causal_eval", "rasp"]
