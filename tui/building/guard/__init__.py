"""The processes of a build: what starts them, what watches over them, what outlives fn-tui."""
