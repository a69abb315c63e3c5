"""What came of a run, for who asked: what its client sees, why it failed, where the time went."""
