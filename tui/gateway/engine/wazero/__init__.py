"""wazero 1.11 as the gateway drives it: what it says of a module's bytes, read by rules of its own.

`sections` reads as the engine reads, `rules` hold for a module as a whole, `bodies` for each function; every refusal is
in the engine's own words. Nothing is run.
"""
