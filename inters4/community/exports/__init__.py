"""What communities write: notices, feeds, calendars, own data."""
