"""Texts: what comes in, what goes back, and what must not be kept."""
