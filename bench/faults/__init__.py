"""Fault experiments: real processes, real faults, and a checker that reads only journals and database.

`python -m bench.faults [NAME…]` runs them whole; `tests/faults/` runs them short, by the same code.
"""
