"""The front door: the home page, and pages about the portal itself."""
