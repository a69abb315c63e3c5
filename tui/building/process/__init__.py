"""From plan to result: queue, processes, and the files that they touch."""
