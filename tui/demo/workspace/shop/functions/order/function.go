// Order says what a basket costs. It has no go.mod of its own: the one of the shop, two folders up, is its module,
// and example.com/shop/money beside it is shared with ledger.
package main

import (
	"encoding/json"
	"os"

	"example.com/shop/money"
)

type item struct {
	Name  string `json:"name"`
	Price string `json:"price"`
	Count int64  `json:"count"`
}

type answer struct {
	Total string `json:"total,omitempty"`
	Error string `json:"error,omitempty"`
}

func price(basket []item) answer {
	var total money.Cents
	for _, i := range basket {
		each, err := money.Parse(i.Price)
		if err != nil || i.Count < 0 {
			return answer{Error: i.Name + ": " + money.ErrNotMoney.Error()}
		}
		total += each * money.Cents(i.Count)
	}
	return answer{Total: total.String()}
}

func main() {
	var basket []item
	if err := json.NewDecoder(os.Stdin).Decode(&basket); err != nil {
		json.NewEncoder(os.Stdout).Encode(answer{Error: err.Error()})
		return
	}
	json.NewEncoder(os.Stdout).Encode(price(basket))
}
