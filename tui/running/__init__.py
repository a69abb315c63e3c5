"""From a module and a call to an answer: the function runs here as the gateway would run it, its host behind it.

`plan` decides what the gateway's engine makes of the module, `engine` runs it, `lives` drive it, `host` answers its
calls, `process` keeps all of that in a process of its own.
"""
