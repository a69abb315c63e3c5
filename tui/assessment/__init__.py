"""One Assessment of one function: the only place where what is known of it is put together."""
