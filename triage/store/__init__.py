"""Keep things: the database, the files, the promised jobs. Rows are rows; nothing decides here."""
