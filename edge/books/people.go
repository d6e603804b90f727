package books

import "shopbox/protocol/money"

// Due is one part of what is withheld or owed for work.
type Due string

// The parts of 예수금 and of the employer's share; each is the Party of its
// line, so the sub-ledgers show what is paid on the 10th.
const (
	IncomeTax  Due = "income_tax" // 소득세
	LocalTax   Due = "local_tax"  // 지방소득세
	Pension    Due = "pension"    // 국민연금
	Health     Due = "health"     // 건강·장기요양
	Employment Due = "employment" // 고용보험
	Accident   Due = "accident"   // 산재보험
)

// Amount is a part of pay.
type Amount struct {
	Due Due
	Won money.Won
}

// Pay is money for work, before and after withholding.
type Pay struct {
	Fact
	// Account is Wages for employees, DayWages for day labourers, Fees for
	// freelancers (3.3 %).
	Account  string
	Gross    money.Won
	Withheld []Amount
	// Paid is the account the net pay comes from: Bank, Cash, or Accrued when
	// it is paid later.
	Paid string
}

// Pay books gross pay, what is withheld from it (소득세법 127, 134; 지방세법
// 103-13; the insurance acts) and what is left. Employees, day labourers
// (소득세법 129①4) and freelancers (129①3) differ only in the account.
func (Rules) Pay(pay Pay) (Voucher, error) {
	net := pay.Gross
	lines := []Line{{Account: pay.Account, Amount: pay.Gross}}
	for _, part := range pay.Withheld {
		lines = append(lines, Line{Account: Withheld, Party: string(part.Due), Amount: -part.Won})
		net -= part.Won
	}
	return voucher(pay.Fact, PayBooked, nil, append(lines, Line{Account: pay.Paid, Amount: -net})...)
}

// ShareAccounts say which expense takes which part of the employer's share.
// Ledgers differ, so it is a setting.
type ShareAccounts map[Due]string

// UsualShareAccounts is the common practice: pension in 세금과공과, health in
// 복리후생비, employment and accident in 보험료. No statute sets it.
func UsualShareAccounts() ShareAccounts {
	return ShareAccounts{Pension: TaxesAndDues, Health: Welfare, Employment: Insurance, Accident: Insurance}
}

// EmployerShare books the employer's part of social insurance as owed
// (국민연금법 88, 국민건강보험법 76, 고용산재보험료징수법 13). A part without
// an account in the setting is ErrAccount.
func (Rules) EmployerShare(fact Fact, parts []Amount, accounts ShareAccounts) (Voucher, error) {
	var lines []Line
	for _, part := range parts {
		lines = append(lines,
			Line{Account: accounts[part.Due], Amount: part.Won},
			Line{Account: Accrued, Party: string(part.Due), Amount: -part.Won})
	}
	done, err := voucher(fact, EmployerBooked, nil, lines...)
	done.Remarks = []Remark{RemarkEmployerAccounts}
	return done, err
}

// Remit books the payment on the 10th of the next month of what was withheld
// and of the employer's share (소득세법 128①, 국민연금법 89①).
func (Rules) Remit(fact Fact, withheld, employer []Amount) (Voucher, error) {
	var lines []Line
	add := func(account string, parts []Amount) {
		for _, part := range parts {
			lines = append(lines, Line{Account: account, Party: string(part.Due), Amount: part.Won},
				Line{Account: Bank, Amount: -part.Won})
		}
	}
	add(Withheld, withheld)
	add(Accrued, employer)
	return voucher(fact, Remitted, nil, lines...)
}
