package duty

import (
	"time"

	"shopbox/hub/invoice"
)

// Taxpayer says by which rules VAT is paid.
type Taxpayer string

// The kinds of taxpayers.
const (
	General    Taxpayer = "general"    // 일반과세자
	Simplified Taxpayer = "simplified" // 간이과세자
)

// Deadline is the last day for something.
type Deadline struct {
	// Day is the last day; empty when there is none and it is to be done at
	// once.
	Day invoice.Date
	// Rule says in English how the day is found, Korean in Korean.
	Rule, Korean string
	// Source is the provision.
	Source string
	// Remark says what is unconfirmed or must be watched.
	Remark string
}

// IssueBy is the last day to issue for a supply: the tenth of the next month
// where a month or a part of it is put on one document or papers prove the day
// (부가가치세법 34③). Any other document is due on the day of supply itself.
func (l Law) IssueBy(supplied invoice.Date) (Deadline, error) {
	return l.tenth(supplied, Deadline{
		Rule: "the 10th of the month after supply, or the next business day", Korean: "공급한 달의 다음 달 10일, 쉬는 날이면 다음 영업일",
		Source: "부가가치세법 34③",
		Remark: "on one document for a month or a part of it, or where papers prove the day; otherwise on the day of supply (34①)",
	})
}

// TransmitBy is the last day to send a document issued on a day to the tax
// service.
func (l Law) TransmitBy(issued invoice.Date) (Deadline, error) {
	day, err := days(issued)
	if err != nil {
		return Deadline{}, err
	}
	next := day[0].AddDate(0, 0, 1)
	d := Deadline{
		Rule: "the day after issue, or the next business day", Korean: "발급한 날의 다음 날, 쉬는 날이면 다음 영업일",
		Source: "부가가치세법 32③, 시행령 68⑦; 국세기본법 5①",
	}
	d, err = l.on(next, d)
	if safe := invoice.DateOf(next); err == nil && d.Day != safe {
		d.Remark = "that 국세기본법 5① moves this day over holidays is unconfirmed; " + string(safe) + " is safe"
	}
	return d, err
}

// FinalReturnBy is the last day of the final VAT return for a supply.
func (l Law) FinalReturnBy(supplied invoice.Date, taxpayer Taxpayer) (Deadline, error) {
	end, err := periodEnd(supplied, taxpayer)
	if err != nil {
		return Deadline{}, err
	}
	return l.on(end.AddDate(0, 0, 25), Deadline{
		Rule: "25 days after the end of the tax period, or the next business day", Korean: "과세기간이 끝난 뒤 25일, 쉬는 날이면 다음 영업일",
		Source: "부가가치세법 5①, 49①, 67①; 국세기본법 5①",
	})
}

// LocalCreditBy is the last day on which a local letter of credit opened later
// still makes a supply zero-rated.
func (l Law) LocalCreditBy(supplied invoice.Date, taxpayer Taxpayer) (Deadline, error) {
	end, err := periodEnd(supplied, taxpayer)
	if err != nil {
		return Deadline{}, err
	}
	return l.on(end.AddDate(0, 0, 25), Deadline{
		Rule:   "25 days after the end of the tax period, or the next business day",
		Korean: "과세기간이 끝난 뒤 25일, 쉬는 날이면 다음 영업일", Source: "부가가치세법 시행령 70①4",
	})
}

// Amendment is what the deadline of an amendment depends on.
type Amendment struct {
	Reason invoice.AmendmentCode
	// Original is the written date of the amended document.
	Original invoice.Date
	// Event is the day of the change, return, cancellation or opening of the
	// credit; not used by corrections and duplicates.
	Event invoice.Date
	// NotByMistake is a correction for another reason than a mistake
	// (시행령 70①6).
	NotByMistake bool
	Taxpayer     Taxpayer
}

// AmendBy is the last day to issue an amendment.
func (l Law) AmendBy(a Amendment) (Deadline, error) {
	switch a.Reason {
	case invoice.AmendPrice, invoice.AmendReturn, invoice.AmendCancellation:
		return l.tenth(a.Event, Deadline{
			Rule:   "the 10th of the month after the event, or the next business day",
			Korean: "사유가 생긴 달의 다음 달 10일, 쉬는 날이면 다음 영업일", Source: "부가가치세법 시행령 70①1 to 3; 부가가치세법 34③",
		})
	case invoice.AmendLocalCredit:
		return l.creditAmendBy(a)
	case invoice.AmendCorrection:
		if a.NotByMistake {
			return l.yearAfterReturn(a)
		}
		return Deadline{
			Rule: "as soon as it is noticed", Korean: "잘못을 안 때 바로", Source: "부가가치세법 시행령 70①5, 9",
			Remark: "not after a tax office has announced an audit or asked about it (70①5 가 to 라)",
		}, nil
	case invoice.AmendDuplicate:
		return Deadline{Rule: "as soon as it is noticed", Korean: "잘못을 안 때 바로", Source: "부가가치세법 시행령 70①7, 8"}, nil
	}
	return Deadline{}, ErrReason
}

// creditAmendBy takes the later of two days: the credit may be opened after
// the tenth of the month that follows the tax period.
func (l Law) creditAmendBy(a Amendment) (Deadline, error) {
	end, err := periodEnd(a.Original, a.Taxpayer)
	if err != nil {
		return Deadline{}, err
	}
	if a.Event > invoice.DateOf(end) {
		d, err := l.LocalCreditBy(a.Original, a.Taxpayer)
		d.Remark = "the last day to issue for a credit opened after the tax period is unconfirmed"
		return d, err
	}
	return l.tenth(a.Event, Deadline{
		Rule: "the 10th of the month after the credit was opened, or the next business day", Korean: "내국신용장을 개설한 달의 다음 달 10일, 쉬는 날이면 다음 영업일",
		Source: "부가가치세법 시행령 70①4; 부가가치세법 34③", Remark: "the last day to issue is unconfirmed",
	})
}

func (l Law) yearAfterReturn(a Amendment) (Deadline, error) {
	final, err := l.FinalReturnBy(a.Original, a.Taxpayer)
	if err != nil {
		return Deadline{}, err
	}
	day, err := days(final.Day)
	if err != nil {
		return Deadline{}, err
	}
	// A year from the day after ends on the same date (민법 160).
	return Deadline{
		Day:  invoice.DateOf(day[0].AddDate(1, 0, 0)),
		Rule: "one year from the day after the last day of the final return", Korean: "확정신고기한 다음 날부터 1년 안",
		Source: "부가가치세법 시행령 70①6", Remark: "not moved over holidays",
	}, nil
}

// tenth is the 10th of the month after a day.
func (l Law) tenth(date invoice.Date, d Deadline) (Deadline, error) {
	day, err := days(date)
	if err != nil {
		return Deadline{}, err
	}
	return l.on(time.Date(day[0].Year(), day[0].Month()+1, 10, 0, 0, 0, 0, time.UTC), d)
}

// on moves the day to a business day.
func (l Law) on(day time.Time, d Deadline) (Deadline, error) {
	day, err := l.Holidays.NextBusinessDay(day)
	if err != nil {
		return Deadline{}, err
	}
	d.Day = invoice.DateOf(day)
	return d, nil
}

// periodEnd is the last day of the tax period of a supply (부가가치세법 5①).
func periodEnd(supplied invoice.Date, taxpayer Taxpayer) (time.Time, error) {
	day, err := days(supplied)
	switch {
	case err != nil:
		return time.Time{}, err
	case taxpayer != General && taxpayer != Simplified:
		return time.Time{}, ErrTaxpayer
	case taxpayer == General && day[0].Month() <= time.June:
		return time.Date(day[0].Year(), time.June, 30, 0, 0, 0, 0, time.UTC), nil
	}
	return time.Date(day[0].Year(), time.December, 31, 0, 0, 0, 0, time.UTC), nil
}
