"""A workspace folder -> the paths that change in it, as they change: by inotify on Linux, by looking elsewhere."""
