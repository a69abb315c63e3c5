"""The local gateway: every function of a workspace behind HTTP and WebSockets on this machine, built anew on save.

`guests` are the processes that functions run in, `http` is what a client sees. In between: `shelf` knows what is served
under which name, `pool` hands each call to a guest, `hub` holds what all guests share, `triggers` start functions by
themselves. `face` starts the whole in a process of its own and tells what happens there.
"""
