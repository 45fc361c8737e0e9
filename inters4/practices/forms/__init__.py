"""What comes into the domain as files, read with a line for every mistake."""
