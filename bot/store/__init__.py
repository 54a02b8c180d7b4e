"""What we remember: one SQLite file."""
