"""What a person chose (TOML under XDG config) and what fn-tui remembers (XDG state)."""
