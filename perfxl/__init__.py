"""Checks and corrects budget performance self-evaluation annexes."""

__version__ = "0.1.0"
