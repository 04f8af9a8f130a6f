"""Speed, always measured beside a yardstick in the same run, on the same machine."""
