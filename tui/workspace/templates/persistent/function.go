// The gateway makes one instance of this function for each WebSocket connection and keeps it: ws_open when
// the connection opens, ws_frame for each frame, one after the other, ws_close at the end.
// Globals live as long as the connection.
package main

import "unsafe"

//go:wasmimport env get_ws_client_id
func getClientID() uint64

//go:wasmimport env ws_send
func wsSend(client, clientLength, message, messageLength uint32) uint32

const (
	goOn = 0
	stop = 1
)

var client string // this connection

//go:wasmexport ws_open
func wsOpen(payload, length uint32) uint32 {
	id := getClientID()
	client = take(uint32(id>>32), uint32(id))
	return 0 // anything else refuses the connection
}

//go:wasmexport ws_frame
func wsFrame(payload, length uint32) uint32 {
	message := take(payload, length)
	if message == "bye" {
		return stop
	}
	send("you said: " + message)
	return goOn
}

//go:wasmexport ws_close
func wsClose(payload, length uint32) {}

func send(message string) {
	who, whoLength := at(client)
	what, whatLength := at(message)
	wsSend(who, whoLength, what, whatLength)
}

var allocated = map[uint32][]byte{}

// oramaAlloc makes room for what the host hands in.
//
//go:wasmexport orama_alloc
func oramaAlloc(size uint32) uint32 {
	block := make([]byte, size+1)
	pointer := uint32(uintptr(unsafe.Pointer(&block[0])))
	allocated[pointer] = block // else the collector would take it back
	return pointer
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

// at is where a text lies in our memory, for the host to read.
func at(text string) (pointer, length uint32) {
	return uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), uint32(len(text))
}

func main() {} // never called in a reactor
