// Push sends the caller a notification, five an hour at most.
//
// It calls the host. Each declaration below is an import of the module: name and types must be exactly
// those of the gateway, or every call fails with "signature mismatch" before main runs.
package main

import (
	"encoding/json"
	"os"
	"unsafe"
)

//go:wasmimport env get_caller_wallet
func getCallerWallet() uint64

//go:wasmimport env cache_incr
func cacheIncr(key, keyLength uint32) uint64

//go:wasmimport env push_send_v2
func pushSend(wallet, walletLength, message, messageLength uint32) uint64

//go:wasmimport env log_info
func logInfo(text, length uint32)

type request struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

type answer struct {
	Sent   bool   `json:"sent"`
	Reason string `json:"reason,omitempty"`
}

const mostAnHour = 5

func push(r request) answer {
	wallet := received(getCallerWallet())
	if wallet == "" {
		return answer{Reason: "the caller has no wallet"}
	}
	if count := cacheIncr(at("push:" + wallet)); count > mostAnHour {
		return answer{Reason: "enough for this hour"}
	}
	message, _ := json.Marshal(r)
	who, whoLength := at(wallet)
	what, whatLength := at(string(message))
	result := received(pushSend(who, whoLength, what, whatLength))
	logInfo(at("pushed to " + wallet + ": " + result))
	return answer{Sent: true}
}

func main() {
	var r request
	if err := json.NewDecoder(os.Stdin).Decode(&r); err != nil {
		json.NewEncoder(os.Stdout).Encode(answer{Reason: err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(push(r))
}

// at is where a text lies in this module's memory, for the host to read.
func at(text string) (pointer, length uint32) {
	return uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), uint32(len(text))
}

// received is the answer of a host call: its pointer is in the high half, its length in the low half.
// The host put it where this module's malloc told it to. No malloc, no answer: it would always be empty.
func received(packed uint64) string {
	pointer, length := uintptr(packed>>32), int(uint32(packed))
	if length == 0 {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Pointer(pointer)), length)
}
