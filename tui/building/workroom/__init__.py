"""The private folder of a build, and the last good module kept safe in it."""
