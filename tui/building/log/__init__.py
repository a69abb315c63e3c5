"""What a build printed: lines, colours, the transcript and its file."""
