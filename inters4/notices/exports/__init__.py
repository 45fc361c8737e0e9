"""What notices write for people: mails, links to refuse them, own data."""
