"""What was learned of functions, kept between runs, and confirmed by what the disk shows now."""
