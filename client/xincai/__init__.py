"""Xincai (信采): fill, seal, print, sign and deliver credit declarations, offline first."""

__version__ = "0.1.0"
