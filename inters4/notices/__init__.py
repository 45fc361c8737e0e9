"""Telling people: kinds of notice, channels, preferences, grouped mails and digests."""
