"""Tests of review dates: what holds still, what is to be checked, what a newer topic replaces."""
