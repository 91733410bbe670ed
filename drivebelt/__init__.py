"""Drivebelt: a working model of the mechanism of power, 1919-1941."""

__version__ = "0.1.0"
