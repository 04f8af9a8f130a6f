"""What a host declares, shown whole."""
