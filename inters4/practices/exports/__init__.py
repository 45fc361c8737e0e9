"""What leaves the domain as files: sheets, and the organisations they cite."""
