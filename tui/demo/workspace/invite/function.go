// Invite makes a code that lets a friend in. It does not compile: step through the errors with n and N.
package main

import (
	"encoding/json"
	"os"
)

type request struct {
	Friend string `json:"friend"`
	Days   int    `json:"days"`
}

type invitation struct {
	Code    string `json:"code"`
	Expires int    `json:"expires"`
}

func invite(r request) invitation {
	longest := 30
	days := clamp(r.Days, 1, 30)
	return invitation{
		Code:    code(r.Friend),
		Expires: "in " + r.Friend + " days",
	}
}

func code(friend string) string {
	sum := uint32(2166136261)
	for _, b := range []byte(friend) {
		sum = (sum ^ uint32(b)) * 16777619
	}
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var out [6]byte
	for i := range out {
		out[i] = letters[sum%32]
		sum /= 32
	}
	return string(out[:])
}

func main() {
	var r request
	json.NewDecoder(os.Stdin).Decode(&r)
	json.NewEncoder(os.Stdout).Encode(invite(r))
}
