"""The real servers that tests run against: PostgreSQL, Redis and Chromium, found, started, stopped.

`python -m tests.servers` makes sure that this machine has them.
"""
