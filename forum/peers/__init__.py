"""« Demander à mes pairs »: a question put to organisations like one's own."""
