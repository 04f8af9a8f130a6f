"""Documents and methods that others may take over."""
