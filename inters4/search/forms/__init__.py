"""What a browser brings with each request: where its reader works, what they keep."""
