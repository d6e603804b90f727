package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shopbox/edge/printing"
	"shopbox/edge/till"
)

// Enqueue puts a job into the print queue.
func (s *Store) Enqueue(ctx context.Context, job printing.Job) (id int64, err error) {
	err = s.inTx(ctx, func(tx *tx) error {
		id, err = tx.enqueue(job)
		return err
	})
	return id, err
}

func (t *tx) enqueue(job printing.Job) (int64, error) {
	document, err := printing.Encode(job.Document)
	if err != nil {
		return 0, err
	}
	id, err := t.insert(`INSERT INTO print_job (kind, number, copy, printer, state, code, tries, made, changed, document)
		VALUES (?, ?, ?, ?, 'queued', '', 0, ?, ?, ?)`,
		string(job.Kind), job.Number, job.Copy, job.Printer, millis(t.at), millis(t.at), string(document))
	if err != nil {
		return 0, fmt.Errorf("print job: %w", err)
	}
	return id, nil
}

const jobColumns = `id, kind, number, copy, printer, state, code, tries, made, changed, document`

func scanJob(row scanner) (printing.Job, error) {
	var job printing.Job
	var made, changed int64
	var document []byte
	err := row.Scan(&job.ID, &job.Kind, &job.Number, &job.Copy, &job.Printer, &job.State, &job.Code, &job.Tries, &made, &changed, &document)
	if err != nil {
		return printing.Job{}, err
	}
	job.Made, job.Changed = fromMillis(made), fromMillis(changed)
	job.Document, err = printing.Decode(document)
	return job, err
}

// drawerWithin is how late a drawer may still open: it opens for the customer
// who stands there, not for the one of an hour ago.
const drawerWithin = time.Minute

// inQueue are the jobs that are not done with. A query about some of them says
// so too: the index of the queue holds no others, and SQLite does not see by
// itself that it is enough.
const inQueue = `state IN ('queued', 'printing', 'unknown')`

// NextPrintJob takes the oldest waiting job for one of the printers, "" being
// those that name none. From then on it counts as printing, so that a power
// cut leaves it unknown rather than printed twice. ok is false when none
// waits.
func (s *Store) NextPrintJob(ctx context.Context, printers ...string) (job printing.Job, ok bool, err error) {
	const waiting = `SELECT id FROM print_job WHERE ` + inQueue + ` AND state = 'queued'
		AND printer IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1`
	served, err := json.Marshal(printers)
	if err != nil {
		return printing.Job{}, false, fmt.Errorf("encode printers: %w", err)
	}
	printer := string(served)
	var id int64
	// Most looks find nothing; they do not wait for the writer.
	if err := s.read.in(ctx).get(into{&id}, waiting, printer); err != nil {
		return printing.Job{}, false, orElse(err, nil)
	}
	err = s.inTx(ctx, func(tx *tx) error {
		late := tx.at.Add(-drawerWithin)
		if err := tx.exec(`UPDATE print_job SET state = 'failed', code = 'too_late', changed = ?
			WHERE `+inQueue+` AND state = 'queued' AND kind = 'drawer' AND made < ?`, millis(tx.at), millis(late)); err != nil {
			return err
		}
		if err := tx.get(into{&id}, waiting, printer); errors.Is(err, ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		job, err = one(tx.queries, scanJob, `UPDATE print_job SET state = 'printing', tries = tries + 1, changed = ? WHERE id = ?
			RETURNING `+jobColumns, millis(tx.at), id)
		job.Document.OpenDrawer = job.Document.OpenDrawer && !job.Made.Before(late)
		return err
	})
	return job, err == nil && job.ID != 0, err
}

// FinishPrintJob writes down how a job ended: printed, unknown, failed, or
// queued when nothing went out and it waits on.
func (s *Store) FinishPrintJob(ctx context.Context, id int64, state printing.State, code string) error {
	return s.inTx(ctx, func(tx *tx) error {
		changed, err := tx.change(`UPDATE print_job SET state = ?, code = ?, changed = ? WHERE id = ? AND state = 'printing'`,
			string(state), code, millis(tx.at), id)
		if err == nil && changed == 0 {
			err = ErrNotFound
		}
		return err
	})
}

// GiveUpPrintJob takes a waiting or unknown job out of the queue, by a
// person's will.
func (s *Store) GiveUpPrintJob(ctx context.Context, id int64) error {
	return s.inTx(ctx, func(tx *tx) error {
		changed, err := tx.change(`UPDATE print_job SET state = 'failed', code = 'given_up', changed = ?
			WHERE id = ? AND state IN ('queued', 'unknown')`, millis(tx.at), id)
		if err == nil && changed == 0 {
			err = ErrNotFound
		}
		return err
	})
}

// PrintState is what a job is and how it stands, without its document: every
// view of the counter asks for it.
func (s *Store) PrintState(ctx context.Context, id int64) (kind printing.Kind, state printing.State, err error) {
	err = s.read.in(ctx).get(into{&kind, &state}, `SELECT kind, state FROM print_job WHERE id = ?`, id)
	return kind, state, err
}

// PrintJob is one job.
func (s *Store) PrintJob(ctx context.Context, id int64) (printing.Job, error) {
	return one(s.read.in(ctx), scanJob, `SELECT `+jobColumns+` FROM print_job WHERE id = ?`, id)
}

// PrintJobs lists jobs, the latest first.
func (s *Store) PrintJobs(ctx context.Context, limit, offset int) ([]printing.Job, error) {
	return list(s.read.in(ctx), scanJob, `SELECT `+jobColumns+` FROM print_job ORDER BY id DESC LIMIT ? OFFSET ?`, limit, offset)
}

// WaitingPrintJobs counts the jobs that wait for paper, and those that may or
// may not be on it.
func (s *Store) WaitingPrintJobs(ctx context.Context) (queued, unknown int, err error) {
	err = s.read.in(ctx).get(into{&queued, &unknown}, `SELECT coalesce(sum(state <> 'unknown'), 0), coalesce(sum(state = 'unknown'), 0)
		FROM print_job WHERE `+inQueue)
	return queued, unknown, err
}

// PrinterLoads is what waits for each printer, "" for slips that name none.
func (s *Store) PrinterLoads(ctx context.Context) (map[string]printing.Load, error) {
	loads := make(map[string]printing.Load)
	err := s.read.in(ctx).each(func(row scanner) error {
		var printer string
		var load printing.Load
		err := row.Scan(&printer, &load.Waiting, &load.LostOrders)
		loads[printer] = load
		return err
	}, `SELECT printer, sum(state <> 'unknown'), sum(state = 'unknown' AND kind = 'kitchen')
		FROM print_job WHERE `+inQueue+` GROUP BY printer`)
	return loads, err
}

// Reprint puts a slip into the print queue again, marked as a copy. Jobs of
// the same slip that may or may not be on paper are thereby done with.
func (s *Store) Reprint(ctx context.Context, reprint till.Reprint) (job int64, err error) {
	err = s.inTx(ctx, func(tx *tx) error {
		if err := tx.exec(`UPDATE print_job SET state = 'failed', code = 'reprinted', changed = ?
			WHERE number = ? AND kind = ? AND printer = ? AND state = 'unknown'`,
			millis(tx.at), reprint.Number, string(reprint.Kind), reprint.Printer); err != nil {
			return err
		}
		job, err = tx.enqueue(printing.Job{Kind: reprint.Kind, Number: reprint.Number, Copy: true, Printer: reprint.Printer, Document: reprint.Document})
		if err != nil {
			return err
		}
		return tx.audit(reprint.Act)
	})
	return job, err
}
