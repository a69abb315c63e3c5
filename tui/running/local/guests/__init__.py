"""The processes that functions run in. One loads the engine, and none but copies of it are made from then on.

    gateway -- nursery -- template of one module -- seat (a call at a time, or one open connection)

A copy takes a few milliseconds and shares its memory with what it is a copy of. A guest that loops, crashes or eats
memory does so in a process of its own. All of them end with the gateway, however that ends.
"""
