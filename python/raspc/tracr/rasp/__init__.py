"""RASP as a library: its operations, and the module ``rasp`` that they are in in Tracr."""

from raspc.tracr.rasp import causal_eval, rasp
from raspc.tracr.rasp.rasp import *  # noqa: F403
from raspc.tracr.rasp.rasp import __all__ as _names

__all__ = [*_names, "causal_eval", "rasp"]
