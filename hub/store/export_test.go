package store

import "context"

// OldSchema makes a database of the hub that knew so many migrations.
func OldSchema(ctx context.Context, address string, version int) error {
	names, err := migrations()
	if err != nil {
		return err
	}
	db, err := openAt(ctx, address, names[:version])
	if err != nil {
		return err
	}
	return db.Close()
}
