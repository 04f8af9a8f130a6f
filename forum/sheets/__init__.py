"""Experience sheets: what an administration did, what it cost, what it would not do again."""
