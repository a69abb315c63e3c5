// Ledger adds up a list of amounts, one a line, and answers with the balance.
//
// The function.wasm beside this file is older: it was built before refunds were counted. The deploy tool
// takes a function.wasm that is there, whatever its age, and so would ship the old code without a word.
package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"example.com/shop/money"
)

type balance struct {
	total   money.Cents
	refunds int
}

func (b *balance) add(line string) error {
	amount, err := money.Parse(line)
	if err != nil {
		return err
	}
	if amount < 0 {
		b.refunds++
	}
	b.total += amount
	return nil
}

func main() {
	var b balance
	lines := bufio.NewScanner(os.Stdin)
	for number := 1; lines.Scan(); number++ {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			if err := b.add(line); err != nil {
				os.Stdout.WriteString(`{"error":"line ` + strconv.Itoa(number) + `: ` + err.Error() + "\"}\n")
				return
			}
		}
	}
	os.Stdout.WriteString(`{"balance":"` + b.total.String() + `","refunds":` + strconv.Itoa(b.refunds) + "}\n")
}
