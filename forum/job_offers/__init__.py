"""Job offers of the three branches of the civil service."""
