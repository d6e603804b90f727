package report

import (
	"context"
	"fmt"
	"time"

	"shopbox/protocol"
)

// Presence tells which boxes are connected to this node now; hub/broker
// implements it.
type Presence interface {
	Connected(box string) bool
}

// Settler brings what is read up to what is held; hub/ingest implements it.
type Settler interface {
	// Settle is for one shop, or with shop empty for all shops of the tenant.
	Settle(ctx context.Context, tenant, shop string) error
}

// Config is what a Service needs.
type Config struct {
	// Hub names this node among those that share the database.
	Hub      string
	Store    Store
	Settler  Settler
	Presence Presence
	Codec    *protocol.Codec
	Now      func() time.Time
}

// Service answers. It is safe for use by many goroutines.
type Service struct {
	config Config
}

// New makes the service.
func New(config Config) *Service { return &Service{config: config} }

// Shops are the shops of a tenant, oldest first, with how their day stands.
func (s *Service) Shops(ctx context.Context, tenant string) ([]ShopInfo, error) {
	return s.config.Store.ShopInfos(ctx, tenant)
}

// Shop is one shop of a tenant.
func (s *Service) Shop(ctx context.Context, tenant, shop string) (ShopInfo, error) {
	infos, err := s.config.Store.ShopInfos(ctx, tenant)
	if err != nil {
		return ShopInfo{}, err
	}
	for _, info := range infos {
		if info.ID == shop {
			return info, nil
		}
	}
	return ShopInfo{}, fmt.Errorf("shop: %w", ErrNotFound)
}

// Boxes are the boxes of a tenant, the active ones first.
func (s *Service) Boxes(ctx context.Context, tenant string) ([]Box, error) {
	boxes, err := s.config.Store.Boxes(ctx, tenant)
	if err != nil {
		return nil, err
	}
	faults, err := s.config.Store.Faults(ctx, tenant)
	if err != nil {
		return nil, err
	}
	for i := range boxes {
		boxes[i].Connected = s.connected(&boxes[i])
		for _, fault := range faults {
			if fault.Box == boxes[i].ID {
				boxes[i].Faults = append(boxes[i].Faults, fault)
			}
		}
	}
	return boxes, nil
}

// freshFor is how long the word of another node holds without a sign of the
// box, which reports every minute: the node may be gone.
const freshFor = 5 * time.Minute

// connected asks this node's broker, and believes the database only of boxes
// that are at another node.
func (s *Service) connected(box *Box) bool {
	if s.config.Presence.Connected(box.ID) {
		return true
	}
	elsewhere := box.Connected && box.Hub != s.config.Hub && box.LastSeen != nil
	return elsewhere && s.config.Now().Sub(*box.LastSeen) < freshFor
}

// Wrong is every device of the tenant's active boxes that is not ok, worst
// first.
func (s *Service) Wrong(ctx context.Context, tenant string) ([]Fault, error) {
	return s.config.Store.Faults(ctx, tenant)
}

// Differences are the tenant's closings after a time that did not add up, in
// order.
func (s *Service) Differences(ctx context.Context, tenant string, since time.Time) ([]Difference, error) {
	return s.config.Store.Differences(ctx, tenant, since)
}

// Rejected are the records of a box that were put aside, newest first, at
// most 100.
func (s *Service) Rejected(ctx context.Context, tenant, box string) ([]Rejected, error) {
	return s.config.Store.Rejected(ctx, tenant, box, maxRejected)
}

const maxRejected = 100
