"""People, the organisations they belong to, what they may do, and their sessions."""
