// The gateway keeps initialised instances of this function in a pool, takes one for a call, calls handle once
// and throws it away.
package main

import "unsafe"

var answer []byte // kept here until the host has read it

// handle gets the request's bytes and returns where the answer lies: pointer in the low half, length in the high half.
//
//go:wasmexport handle
func handle(request, length uint32) uint64 {
	answer = respond(read(request, length))
	if len(answer) == 0 {
		return 0
	}
	return uint64(len(answer))<<32 | uint64(uintptr(unsafe.Pointer(&answer[0])))
}

func respond(request string) []byte {
	if request == "" {
		return []byte(`{"error":"the request is empty"}`)
	}
	return []byte(`{"received":` + request + `}`)
}

// read copies the request out of the memory that the host wrote it to.
func read(pointer, length uint32) string {
	if length == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(uintptr(pointer))), length))
}

func main() {} // never called in a reactor
