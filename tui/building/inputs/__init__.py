"""What a function is built from, and whether its module is what a build would make now."""
