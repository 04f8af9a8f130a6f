"""Gatherings: site visits, shared trainings, working groups."""
