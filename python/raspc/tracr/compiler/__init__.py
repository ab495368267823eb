"""Compiling programs: ``compiling.compile_rasp_to_model``, and the library ``lib``."""

from raspc.tracr.compiler import compiling, lib

__all__ = ["compiling", "lib"]
