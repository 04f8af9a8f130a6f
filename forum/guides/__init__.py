"""Guides that everyone improves."""
