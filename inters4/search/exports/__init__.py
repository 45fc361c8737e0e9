"""Documents found or kept, as files that leave the portal."""
