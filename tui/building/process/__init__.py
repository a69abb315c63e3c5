"""From plan to result: the queue, and one build from its first precondition to its last event."""
