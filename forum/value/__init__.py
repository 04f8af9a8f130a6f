"""What the site brings: a few counts, each with its definition, of what everyone may see."""
