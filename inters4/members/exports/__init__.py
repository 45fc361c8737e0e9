"""What leaves the members domain: letters, tables."""
