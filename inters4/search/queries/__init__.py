"""Reading the index, and reading the rows that it follows."""
