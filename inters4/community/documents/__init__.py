"""Threads and meetings as search knows them."""
