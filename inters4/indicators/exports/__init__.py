"""What leaves the domain as files: figures, the digital plan, tables for spreadsheets."""
