"""The builds before, kept between runs."""
