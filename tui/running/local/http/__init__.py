"""What a client sees. Needs the extra `gateway`, and is imported only once it is there."""
