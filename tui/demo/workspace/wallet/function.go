// Wallet tells callers the balance of their own wallet.
//
// A reactor: the gateway keeps initialised instances in a pool, takes one a call, calls handle once and throws
// it away. So the start of the runtime is not part of the answer's time.
package main

import (
	"strconv"
	"unsafe"
)

//go:wasmimport env get_caller_wallet
func getCallerWallet() uint64

//go:wasmimport env cache_get
func cacheGet(key, keyLength uint32) uint64

//go:wasmimport env set_http_response
func setResponse(status, headers, headersLength, body, bodyLength uint32) uint32

const headers = `{"Content-Type":"application/json"}`

var answer string // kept here until the host has read it

// handle gets the request's bytes, and returns the answer's: pointer in the low half, length in the high half.
// (Host calls answer the other way round.)
//
//go:wasmexport handle
func handle(request, length uint32) uint64 {
	wallet := received(getCallerWallet())
	if wallet == "" {
		return respond(401, `{"error":"sign in first"}`)
	}
	balance, err := strconv.ParseInt(received(cacheGet(at("balance:"+wallet))), 10, 64)
	if err != nil {
		return respond(404, `{"error":"no such wallet"}`)
	}
	return respond(200, `{"wallet":`+strconv.Quote(wallet)+`,"balance":`+strconv.FormatInt(balance, 10)+`}`)
}

func respond(status uint32, body string) uint64 {
	answer = body
	fields, fieldsLength := at(headers)
	pointer, length := at(answer)
	setResponse(status, fields, fieldsLength, pointer, length)
	return uint64(length)<<32 | uint64(pointer)
}

// at is where a text lies in this module's memory, for the host to read.
func at(text string) (pointer, length uint32) {
	return uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), uint32(len(text))
}

// received is the answer of a host call: pointer in the high half, length in the low half.
func received(packed uint64) string {
	pointer, length := uintptr(packed>>32), int(uint32(packed))
	if length == 0 {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Pointer(pointer)), length)
}

func main() {} // never called in a reactor
