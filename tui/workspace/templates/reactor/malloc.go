//go:build !tinygo

package main

import "unsafe"

// TinyGo exports malloc by itself. This is for stock Go, which does not.

var allocated = map[uint32][]byte{}

//go:wasmexport malloc
func malloc(size uint32) uint32 {
	block := make([]byte, size+1)
	pointer := uint32(uintptr(unsafe.Pointer(&block[0])))
	allocated[pointer] = block // else the collector would take it back
	return pointer
}
