"""Kinds of topic: what a topic may be, and what it holds beside its posts."""
