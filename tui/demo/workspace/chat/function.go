// Chat is a room that people talk in over WebSocket.
//
// The gateway makes one instance a connection and keeps it: _initialize once, ws_open, then ws_frame for
// each message, ws_close at the end. Globals live as long as the connection.
package main

import "unsafe"

//go:wasmimport env get_ws_client_id
func getClientID() uint64

//go:wasmimport env ws_pubsub_bridge
func bridge(client, clientLength, topic, topicLength uint32) uint32

//go:wasmimport env pubsub_publish
func publish(topic, topicLength, message, messageLength uint32) uint32

//go:wasmimport env ws_send
func send(client, clientLength, message, messageLength uint32) uint32

const (
	room      = "room:lobby"
	longest   = 2000 // bytes of one message
	done      = 1    // what the host answers where a call worked
	letIn     = 0    // what ws_open answers
	refuse    = 1
	keepOpen  = 0 // what ws_frame answers
	closeThis = 1
)

// This connection's own. Nobody else's messages come through here.
var (
	client   string
	messages int
)

//go:wasmexport ws_open
func wsOpen(payload, length uint32) uint32 {
	client = received(getClientID())
	who, whoLength := at(client)
	topic, topicLength := at(room)
	if bridge(who, whoLength, topic, topicLength) != done {
		return refuse
	}
	return letIn
}

//go:wasmexport ws_frame
func wsFrame(payload, length uint32) uint32 {
	message := read(payload, length)
	if message == "/quit" {
		return closeThis
	}
	if len(message) > longest {
		tell("that was too long")
		return keepOpen
	}
	messages++
	topic, topicLength := at(room)
	text, textLength := at(client + ": " + message)
	publish(topic, topicLength, text, textLength)
	return keepOpen
}

//go:wasmexport ws_close
func wsClose(payload, length uint32) {
	if messages == 0 {
		return
	}
	topic, topicLength := at(room)
	text, textLength := at(client + " left")
	publish(topic, topicLength, text, textLength)
}

func tell(text string) {
	who, whoLength := at(client)
	what, whatLength := at(text)
	send(who, whoLength, what, whatLength)
}

var allocated = map[uint32][]byte{}

// oramaAlloc makes room for what the host hands in: each frame, and each answer of a host call.
//
//go:wasmexport orama_alloc
func oramaAlloc(size uint32) uint32 {
	block := make([]byte, size+1)
	pointer := uint32(uintptr(unsafe.Pointer(&block[0])))
	allocated[pointer] = block
	return pointer
}

// at is where a text lies in this module's memory, for the host to read.
func at(text string) (pointer, length uint32) {
	return uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), uint32(len(text))
}

// received is the answer of a host call: its pointer is in the high half, its length in the low half.
func received(packed uint64) string {
	return read(uint32(packed>>32), uint32(packed))
}

// read copies what the host put into our memory, and gives the room back.
func read(pointer, length uint32) string {
	if length == 0 {
		return ""
	}
	text := string(unsafe.Slice((*byte)(unsafe.Pointer(uintptr(pointer))), length))
	delete(allocated, pointer)
	return text
}

func main() {} // never called in a reactor
