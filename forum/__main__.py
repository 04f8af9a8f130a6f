"""`python -m forum` is `relais`."""

from forum.cli import main

main()
