"""What readers think of a document: one tap, no account, counted and never named."""
