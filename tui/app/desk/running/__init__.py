"""Functions run from the screen: each in a process of its own, waited for by a thread of its own."""
