"""SQLite behind the database: its driver, its file, its group commit."""
