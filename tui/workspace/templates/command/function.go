// One call of this function is one run of main in a fresh instance: the request comes on stdin, the answer
// goes to stdout, both as JSON. A non-zero exit drops the answer.
package main

import (
	"encoding/json"
	"os"
)

type request struct {
	Name string `json:"name"`
}

type answer struct {
	Greeting string `json:"greeting,omitempty"`
	Error    string `json:"error,omitempty"`
}

func respond(r request) answer {
	if r.Name == "" {
		return answer{Error: "name is missing"}
	}
	return answer{Greeting: "Hello, " + r.Name + "!"}
}

func main() {
	var r request
	if err := json.NewDecoder(os.Stdin).Decode(&r); err != nil {
		json.NewEncoder(os.Stdout).Encode(answer{Error: err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(respond(r))
}
