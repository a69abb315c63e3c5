// Digest sums up a day's events. Its source is good; its function.yaml is not.
package main

import (
	"encoding/json"
	"os"
)

type event struct {
	Kind string `json:"kind"`
}

func main() {
	var events []event
	if err := json.NewDecoder(os.Stdin).Decode(&events); err != nil {
		json.NewEncoder(os.Stdout).Encode(map[string]string{"error": err.Error()})
		return
	}
	counts := map[string]int{}
	for _, e := range events {
		counts[e.Kind]++
	}
	json.NewEncoder(os.Stdout).Encode(counts)
}
