package store_test

import (
	"context"
	"testing"

	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
)

// What a hub before the projection kept is there after the upgrade, and
// counts as projected: nothing of it is added again.
func TestUpgradeToProjection(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			upgradeToProjection(t, engine.Fresh(t))
		})
	}
}

const oldBox = "019b7d00-0000-7000-8000-00000000000a"

func upgradeToProjection(t *testing.T, address string) {
	t.Helper()
	ctx := context.Background()
	mustNot(t, store.OldSchema(ctx, address, 3))
	raw := openRaw(t, address)
	for _, query := range []string{
		`INSERT INTO tenant (id, name, business_number, reseller, created_at) VALUES ('kim', '', '1208147521', '', 0)`,
		`INSERT INTO shop (tenant, id, name, kind, business_number, representative, address, phone, created_at) VALUES ('kim', 'shop', '', '', '', '', '', '', 0)`,
		`INSERT INTO box (id, tenant, shop, state, claimed_at) VALUES ('` + oldBox + `', 'kim', 'shop', 'active', 0)`,
		`INSERT INTO box_status (tenant, box, version, connected, unsent) VALUES ('kim', '` + oldBox + `', '', 0, 0)`,
		`INSERT INTO mark (tenant, box, through, at) VALUES ('kim', '` + oldBox + `', 7, 0)`,
		`INSERT INTO batch (id, tenant, shop, box, first, last, received_at, payload) VALUES (5, 'kim', 'shop', '` + oldBox + `', 1, 7, 0, '')`,
		`INSERT INTO sale (tenant, shop, day, number, batch, sequence, at, total) VALUES ('kim', 'shop', 20261123, '20261123-0001', 5, 7, 0, 3300)`,
	} {
		_, err := raw.ExecContext(ctx, query)
		mustNot(t, err)
	}
	db := storetest.Open(t, address)
	position, err := db.Position(ctx, oldBox)
	mustNot(t, err)
	if position.Through != 7 || position.Projected != 7 || position.Batch != 0 {
		t.Errorf("position %+v", position)
	}
	behind, err := db.Behind(ctx, "kim", "shop")
	if err != nil || len(behind) != 0 {
		t.Errorf("behind: %+v, %v", behind, err)
	}
	found, err := db.Sales(ctx, report.SaleSearch{Scope: report.Scope{Tenant: "kim", Shop: "shop"}, Limit: 10})
	if err != nil || len(found) != 1 || found[0].Total != 3300 || found[0].Batch != 5 {
		t.Errorf("sales: %+v, %v", found, err)
	}
	// The chain of what comes next ends at what was there.
	mustNot(t, db.Commit(ctx, &ingest.Group{
		Marks: []ingest.Mark{{Tenant: "kim", Box: oldBox, Was: 7, Through: 9, Last: 1}},
		Batches: []ingest.Batch{
			{Tenant: "kim", Shop: "shop", Box: oldBox, First: 8, Last: 8, Payload: []byte{1}, Before: -1},
			{Tenant: "kim", Shop: "shop", Box: oldBox, First: 9, Last: 9, Payload: []byte{2}, Before: 0},
		},
	}))
	behind, err = db.Behind(ctx, "kim", "")
	if err != nil || len(behind) != 1 || behind[0].Projected != 7 || behind[0].Through != 9 {
		t.Fatalf("behind: %+v, %v", behind, err)
	}
	for most, want := range map[int]int64{1: 8, 2: 9, 3: 9} {
		batches, err := db.Pending(ctx, behind[0], most)
		if err != nil || batches[0].First != 8 || batches[len(batches)-1].Last != want {
			t.Errorf("at most %d pending: %+v, %v", most, batches, err)
		}
	}
}
