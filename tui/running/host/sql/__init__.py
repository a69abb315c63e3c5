"""The database that functions ask: one SQLite file, held to what the gateway allows."""
