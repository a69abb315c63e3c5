"""The gateway's side of a run: the 48 calls that a function may make.

The seam is in `seam`: the engine reads what a call's pointers point at, holds it against the guest's memory, and gives
a part of the host plain bytes and numbers; it packs the bytes that come back through the guest's allocator. A part
never sees a pointer. Adding calls is writing a part and naming it in `assemble`.
"""
