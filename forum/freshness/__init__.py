"""« Toujours vrai ? »: what people rely on carries a date at which its author is asked whether it holds."""
