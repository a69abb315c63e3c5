"""What starts a function without a call: schedules and messages on topics."""
