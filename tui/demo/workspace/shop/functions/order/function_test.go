package main

import "testing"

func TestPrice(t *testing.T) {
	basket := []item{{"tea", "3.50", 2}, {"cup", "12", 1}}
	if got := price(basket).Total; got != "19.00" {
		t.Errorf("got %s", got)
	}
	if got := price([]item{{"tea", "3,50", 1}}).Error; got == "" {
		t.Error("a comma was taken for a point")
	}
}
