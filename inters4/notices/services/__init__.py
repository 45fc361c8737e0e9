"""What changes notices and preferences, one module for each concern."""
