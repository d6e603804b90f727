package books

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed accounts.csv
var chart string

// Class is what an account is.
type Class string

// The classes of account.
const (
	Asset     Class = "asset"
	Liability Class = "liability"
	Equity    Class = "equity"
	Income    Class = "revenue"
	Expense   Class = "expense"
)

// Account is one account of the chart.
type Account struct {
	// Code is the usual three digits.
	Code string
	// Name is the account's Korean name.
	Name  string
	Class Class
	// Debit says that the account normally stands on the debit side.
	Debit bool
}

// Accounts lists the chart of accounts of a small Korean shop, by code.
func Accounts() []Account {
	rows := strings.Split(strings.TrimSpace(chart), "\n")[1:]
	accounts := make([]Account, len(rows))
	for i, row := range rows {
		// The note at the end may hold commas; the four columns before do not.
		cells := strings.SplitN(row, ",", 5)
		accounts[i] = Account{Code: cells[0], Name: cells[1], Class: Class(cells[2]), Debit: cells[3] == "D"}
	}
	slices.SortFunc(accounts, func(a, b Account) int { return strings.Compare(a.Code, b.Code) })
	return accounts
}

// Known reports whether the chart has the account.
func Known(code string) bool {
	return code != "" && strings.Contains(chart, "\n"+code+",")
}
