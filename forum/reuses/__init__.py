"""« Nous l'avons fait aussi »: organisations that took up a sheet, a document or an answer."""
