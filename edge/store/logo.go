package store

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"

	"shopbox/edge/printing"
	"shopbox/edge/staff"
)

// Logo is the picture at the head of receipts, nil for none.
func (s *Store) Logo(ctx context.Context) (image.Image, error) {
	var file []byte
	if err := s.read.in(ctx).get(into{&file}, `SELECT picture FROM logo`); err != nil {
		return nil, orElse(err, nil)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("read logo: %w", err)
	}
	return printing.Picture{Image: picture, File: file}, nil
}

// SaveLogo keeps the picture at the head of receipts; nil takes it away.
func (s *Store) SaveLogo(ctx context.Context, picture image.Image, acts ...staff.AuditEvent) error {
	var file bytes.Buffer
	if picture != nil {
		if err := png.Encode(&file, picture); err != nil {
			return fmt.Errorf("encode logo: %w", err)
		}
	}
	return s.inTx(ctx, func(tx *tx) error {
		if err := tx.exec(`DELETE FROM logo`); err != nil {
			return fmt.Errorf("logo: %w", err)
		}
		if picture != nil {
			if err := tx.exec(`INSERT INTO logo (one, picture) VALUES (1, ?)`, file.Bytes()); err != nil {
				return fmt.Errorf("logo: %w", err)
			}
		}
		return tx.audit(acts...)
	})
}
