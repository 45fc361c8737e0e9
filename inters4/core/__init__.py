"""What every domain stands on: doors to the database, access, outgoing requests, pages."""
