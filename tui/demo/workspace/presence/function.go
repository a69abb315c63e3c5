// Presence tells a room who is there. A client sends a frame now and then; when it goes silent, its mark expires.
//
// A persistent function: built with -buildmode=c-shared, so that its exports can be called. In command mode TinyGo
// builds the same source without a word, and each call of ws_open traps: the runtime was never initialised.
package main

import "unsafe"

//go:wasmimport env get_ws_client_id
func getClientID() uint64

//go:wasmimport env ephemeral_state_set
func setState(topic, topicLength, key, keyLength, value, valueLength uint32, milliseconds uint64) uint32

//go:wasmimport env ephemeral_state_clear
func clearState(topic, topicLength, key, keyLength uint32) uint32

const (
	topic    = "presence"
	lifetime = 45_000 // milliseconds
	done     = 1      // what the host answers where a call worked
)

var client string

//go:wasmexport ws_open
func wsOpen(payload, length uint32) uint32 {
	client = take(unpack(getClientID()))
	if client == "" {
		return 1 // not zero: the gateway refuses the connection
	}
	if !mark("here") {
		return 1
	}
	return 0
}

//go:wasmexport ws_frame
func wsFrame(payload, length uint32) uint32 {
	mark(take(payload, length)) // a mark that fails is no reason to leave
	return 0                    // 1 would end the connection
}

//go:wasmexport ws_close
func wsClose(payload, length uint32) {
	where, whereLength := at(topic)
	who, whoLength := at(client)
	clearState(where, whereLength, who, whoLength)
}

func mark(status string) bool {
	where, whereLength := at(topic)
	who, whoLength := at(client)
	what, whatLength := at(status)
	return setState(where, whereLength, who, whoLength, what, whatLength, lifetime) == done
}

var allocated = map[uint32][]byte{}

//go:wasmexport orama_alloc
func oramaAlloc(size uint32) uint32 {
	block := make([]byte, size+1)
	pointer := uint32(uintptr(unsafe.Pointer(&block[0])))
	allocated[pointer] = block
	return pointer
}

func at(text string) (pointer, length uint32) {
	return uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), uint32(len(text))
}

// unpack splits the answer of a host call: pointer in the high half, length in the low half.
func unpack(packed uint64) (pointer, length uint32) {
	return uint32(packed >> 32), uint32(packed)
}

// take copies what the host put into our memory, and gives the room back.
func take(pointer, length uint32) string {
	if length == 0 {
		return ""
	}
	text := string(unsafe.Slice((*byte)(unsafe.Pointer(uintptr(pointer))), length))
	delete(allocated, pointer)
	return text
}

func main() {} // never called in a reactor
