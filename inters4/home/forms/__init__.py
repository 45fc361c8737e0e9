"""What people and files send: pages, questions."""
