"""Communities of practice: spaces, threads, what is unread, moderation, meetings."""
