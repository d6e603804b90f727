package escpos

import (
	"bytes"
	"fmt"
	"time"

	"shopbox/drivers"
)

// watch follows one job from its last byte to its confirmation.
type watch struct {
	job   job
	began time.Time
	// asked is the question under way, 0 for none, and since when; last is
	// the one before, so that they take turns.
	asked, last byte
	since       time.Time
	// well is how many good answers came in a row after the usual time.
	well int
}

func newWatch(j job) *watch {
	return &watch{job: j, began: time.Now(), last: askPaper}
}

// hear takes an answer: it confirms the job, tells of a fault, or neither.
// Owed is how many barriers are unanswered after it.
func (w *watch) hear(found answer, owed int) (confirmed bool, err error) {
	switch found.kind {
	case answerProcessID:
		return w.job.confirm == ConfirmProcessID && bytes.Equal(found.data[2:6], w.job.id[:]), nil
	case answerBarrier:
		return w.job.confirm == ConfirmBarrier && owed == 0, nil
	case answerAutomatic:
		return false, found.fault()
	case answerRealTime:
		if w.asked == 0 {
			return false, nil
		}
		return w.realTime(found.data[0])
	default:
		return false, nil
	}
}

func (w *watch) realTime(status byte) (confirmed bool, err error) {
	fault := paperFault(status)
	if w.asked == askOffline {
		fault = offlineFault(status)
	}
	w.last, w.asked = w.asked, 0
	if fault != nil {
		return false, fault
	}
	if w.job.confirm == ConfirmPoll && time.Since(w.began) > w.job.usual {
		w.well++
	}
	// Both questions must have been answered well.
	return w.well >= 2, nil
}

// ask is the next question to send, 0 while one is under way.
func (w *watch) ask(now time.Time) byte {
	if w.asked != 0 {
		return 0
	}
	w.since = now
	w.asked = askOffline
	if w.last == askOffline {
		w.asked = askPaper
	}
	return w.asked
}

// overdue says when waiting makes no sense any more.
func (w *watch) overdue(now time.Time) error {
	if w.asked != 0 && now.Sub(w.since) > w.job.silence {
		return fmt.Errorf("%w: silent while printing", drivers.ErrOffline)
	}
	if now.Sub(w.began) > w.job.usual+w.job.patience {
		return fmt.Errorf("no confirmation in %s", now.Sub(w.began).Round(time.Second))
	}
	return nil
}
