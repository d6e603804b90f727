package tenant

import (
	"context"
	"fmt"
	"strings"
)

// CreateShop adds a shop to a tenant.
func (s *Service) CreateShop(ctx context.Context, tenant, name, kind string) (Shop, error) {
	if !validName(name) {
		return Shop{}, fmt.Errorf("%w: name", ErrInvalid)
	}
	owner, err := s.config.Store.Tenant(ctx, tenant)
	if err != nil {
		return Shop{}, fmt.Errorf("create shop: %w", err)
	}
	shop := Shop{
		ID: newID(), Tenant: tenant, Name: strings.TrimSpace(name), Kind: kind,
		BusinessNumber: owner.BusinessNumber, CreatedAt: s.config.Now(),
	}
	if err := s.config.Store.InsertShop(ctx, shop); err != nil {
		return Shop{}, fmt.Errorf("create shop: %w", err)
	}
	return shop, nil
}

// Shop is one shop of the tenant.
func (s *Service) Shop(ctx context.Context, tenant, shop string) (Shop, error) {
	return s.config.Store.Shop(ctx, tenant, shop)
}

// Shops are the shops of the tenant, oldest first.
func (s *Service) Shops(ctx context.Context, tenant string) ([]Shop, error) {
	return s.config.Store.Shops(ctx, tenant)
}

// RevokeBox takes a box's certificates away and ends its session at once: it
// was stolen, or its key is known.
func (s *Service) RevokeBox(ctx context.Context, tenant, box string) error {
	if err := s.config.Store.RevokeBox(ctx, tenant, box, s.config.Now()); err != nil {
		return fmt.Errorf("revoke box: %w", err)
	}
	s.config.Kicker.Kick(box)
	return nil
}
