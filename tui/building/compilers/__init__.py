"""The compilers: where they are, which versions, fit for each other or not."""
