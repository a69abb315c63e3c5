// Package money reads and writes amounts without ever touching a float. The functions of the shop share it:
// change it, and fn-tui knows which of them are stale.
package money

import (
	"errors"
	"strconv"
	"strings"
)

// Cents is an amount in hundredths.
type Cents int64

// ErrNotMoney is what Parse says to anything but digits with at most two decimals.
var ErrNotMoney = errors.New("not an amount of money")

// Parse reads "12", "12.5" and "-12.50".
func Parse(text string) (Cents, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, part, _ := strings.Cut(digits, ".")
	if len(part) > 2 || whole == "" {
		return 0, ErrNotMoney
	}
	cents, err := strconv.ParseUint(whole+part+"00"[len(part):], 10, 62)
	if err != nil {
		return 0, ErrNotMoney
	}
	if negative {
		return -Cents(cents), nil
	}
	return Cents(cents), nil
}

func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	part := strconv.Itoa(int(c % 100))
	return sign + strconv.FormatInt(int64(c/100), 10) + "." + "00"[len(part):] + part
}
