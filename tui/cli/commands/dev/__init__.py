"""`fn-tui dev`: every function of a workspace behind HTTP and WebSockets on this machine."""
