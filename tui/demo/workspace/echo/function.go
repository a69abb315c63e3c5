// Echo answers with what it was sent.
//
// It is built in command mode, the default: for each call the gateway makes a fresh instance, runs main
// once with the request on stdin, and takes what is on stdout for the answer. Nothing is kept in between.
package main

import (
	"encoding/json"
	"os"
	"strings"
)

type request struct {
	Message string `json:"message"`
	Times   int    `json:"times"`
}

type answer struct {
	Echo  string `json:"echo"`
	Error string `json:"error,omitempty"`
}

const mostTimes = 100

func reply(r request) answer {
	if r.Times < 1 {
		r.Times = 1
	}
	if r.Times > mostTimes {
		return answer{Error: "times: at most 100"}
	}
	return answer{Echo: strings.TrimSpace(strings.Repeat(r.Message+" ", r.Times))}
}

func main() {
	var r request
	if err := json.NewDecoder(os.Stdin).Decode(&r); err != nil {
		// The gateway drops stdout after a non-zero exit, so an error that the caller should see
		// goes to stdout, with exit 0.
		json.NewEncoder(os.Stdout).Encode(answer{Error: "the request is not JSON: " + err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(reply(r))
}
