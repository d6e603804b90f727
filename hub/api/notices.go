package api

import (
	"cmp"
	"slices"
	"time"

	"shopbox/hub/report"
)

const (
	stateWarn = "warn"
	stateStop = "stop"
	// silentAfter is how long a box may be away before its owner is told; a
	// line that drops and comes back is no news.
	silentAfter = 3 * time.Minute
	// differenceFor is how long a closing that did not add up is shown.
	differenceFor = 24 * time.Hour
	// morning is the hour from which yesterday's open day is worth a word;
	// before it a late shop may still be selling.
	morning = 6
)

// estate is what a tenant's notices are made of.
type estate struct {
	shops []report.ShopInfo
	boxes []report.Box
	// differences are the closings of late that did not add up.
	differences []report.Difference
	now         time.Time
}

// wrong is what is not well now, worst first and then longest.
func (e estate) wrong() []Notice {
	notices := []Notice{}
	for _, shop := range e.shops {
		for _, box := range e.boxesOf(shop) {
			notices = append(notices, e.wrongWith(shop, box)...)
		}
	}
	slices.SortStableFunc(notices, func(a, b Notice) int { return cmp.Compare(severity(b.State), severity(a.State)) })
	return notices
}

func severity(state string) int {
	if state == stateStop {
		return 1
	}
	return 0
}

func (e estate) wrongWith(shop report.ShopInfo, box report.Box) []Notice {
	var notices []Notice
	about := Notice{State: stateWarn, Shop: &Named{ID: shop.ID, Name: shop.Name}, Box: box.ID}
	for _, fault := range box.Faults {
		notice := about
		notice.Code, notice.State = fault.Code, fault.State
		notice.Device, notice.Name, notice.Since = fault.Kind, fault.Name, &fault.Since
		notices = append(notices, notice)
	}
	if !box.Connected && box.LastSeen != nil && e.now.Sub(*box.LastSeen) > silentAfter {
		notice := about
		notice.Code, notice.Since = "box_silent", box.LastSeen
		notices = append(notices, notice)
	}
	if box.Rejects > 0 {
		notice := about
		notice.Code, notice.Count = "records_rejected", box.Rejects
		notices = append(notices, notice)
	}
	return notices
}

// duties are what the owner has to do, shop by shop.
func (e estate) duties() []Notice {
	notices := []Notice{}
	for _, shop := range e.shops {
		about := Notice{State: stateWarn, Shop: &Named{ID: shop.ID, Name: shop.Name}}
		if len(e.boxesOf(shop)) == 0 {
			notice := about
			notice.Code = "no_box"
			notices = append(notices, notice)
		} else if day := shop.State; e.leftOpen(day) {
			notice := about
			notice.Code, notice.Day, notice.Since = "day_open", day.Day, day.OpenedAt
			notices = append(notices, notice)
		}
		for _, difference := range e.differences {
			if difference.Shop == shop.ID {
				notice := about
				notice.Code, notice.Day, notice.Amount = "cash_difference", difference.Day, int64(difference.Amount)
				notice.Since = &difference.ClosedAt
				notices = append(notices, notice)
			}
		}
	}
	return notices
}

// leftOpen reports whether a business day of an earlier date is still open.
func (e estate) leftOpen(day report.DayState) bool {
	local := e.now.In(seoul)
	return day.Day != "" && day.ClosedAt == nil && day.Day < local.Format(time.DateOnly) && local.Hour() >= morning
}

// seoul is the clock of every shop; Korea has no daylight saving time.
var seoul = time.FixedZone("KST", 9*60*60)

func (e estate) boxesOf(shop report.ShopInfo) []report.Box {
	var boxes []report.Box
	for _, box := range e.boxes {
		if box.Shop == shop.ID && box.State == boxActive {
			boxes = append(boxes, box)
		}
	}
	return boxes
}
