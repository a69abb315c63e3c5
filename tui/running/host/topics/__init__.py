"""What reaches clients: topics, sockets, and short-lived state that is announced."""
