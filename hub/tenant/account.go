package tenant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// NewTenant is a tenant with its owner and first shop, to be founded.
type NewTenant struct {
	Name           string
	BusinessNumber string
	Reseller       string
	ShopName       string
	ShopKind       string
	Login          string
	Password       string
	OwnerName      string
}

// Found makes a tenant with its owner and its first shop.
func (s *Service) Found(ctx context.Context, wanted NewTenant) (Tenant, Shop, error) {
	number, err := cleanBusinessNumber(wanted.BusinessNumber)
	if err != nil {
		return Tenant{}, Shop{}, err
	}
	if !validName(wanted.Name) || !validName(wanted.ShopName) {
		return Tenant{}, Shop{}, fmt.Errorf("%w: name", ErrInvalid)
	}
	now := s.config.Now()
	tenant := Tenant{ID: newID(), Name: strings.TrimSpace(wanted.Name), BusinessNumber: number, Reseller: wanted.Reseller, CreatedAt: now}
	owner, err := s.prepareAccount(ctx, NewAccount{
		Login: wanted.Login, Password: wanted.Password, Name: wanted.OwnerName, Role: RoleOwner, Tenant: tenant.ID,
	})
	if err != nil {
		return Tenant{}, Shop{}, err
	}
	shop := Shop{ID: newID(), Tenant: tenant.ID, Name: strings.TrimSpace(wanted.ShopName), Kind: wanted.ShopKind, BusinessNumber: number, CreatedAt: now}
	if err := s.config.Store.FoundTenant(ctx, Founding{Tenant: tenant, Owner: owner, Shop: shop}); err != nil {
		return Tenant{}, Shop{}, fmt.Errorf("found tenant: %w", err)
	}
	return tenant, shop, nil
}

// Tenant is one tenant.
func (s *Service) Tenant(ctx context.Context, id string) (Tenant, error) {
	return s.config.Store.Tenant(ctx, id)
}

// NewAccount is a person to be let in.
type NewAccount struct {
	Login    string
	Password string
	Name     string
	Role     Role
	// Tenant is for owners.
	Tenant string
}

// CreateAccount lets a person in.
func (s *Service) CreateAccount(ctx context.Context, wanted NewAccount) (Account, error) {
	if (wanted.Role == RoleOwner) != (wanted.Tenant != "") || wanted.Role != RoleOwner && wanted.Role != RoleOperator {
		return Account{}, fmt.Errorf("%w: role", ErrInvalid)
	}
	account, err := s.prepareAccount(ctx, wanted)
	if err != nil {
		return Account{}, err
	}
	if wanted.Tenant != "" {
		if _, err := s.config.Store.Tenant(ctx, wanted.Tenant); err != nil {
			return Account{}, fmt.Errorf("create account: %w", err)
		}
	}
	if err := s.config.Store.InsertAccount(ctx, account); err != nil {
		return Account{}, fmt.Errorf("create account: %w", err)
	}
	return account, nil
}

// maxPersonName bounds a person's name, in bytes.
const maxPersonName = 400

func (s *Service) prepareAccount(ctx context.Context, wanted NewAccount) (Account, error) {
	login := cleanLogin(wanted.Login)
	if n := utf8.RuneCountInString(login); n < 3 || n > 100 || !loginText(login) {
		return Account{}, fmt.Errorf("%w: login", ErrInvalid)
	}
	if !utf8.ValidString(wanted.Name) || len(wanted.Name) > maxPersonName || strings.ContainsFunc(wanted.Name, unicode.IsControl) {
		return Account{}, fmt.Errorf("%w: name", ErrInvalid)
	}
	hash, err := s.hashPassword(ctx, wanted.Password)
	if err != nil {
		return Account{}, err
	}
	return Account{
		ID: newID(), Login: login, Name: strings.TrimSpace(wanted.Name), Role: wanted.Role, Tenant: wanted.Tenant,
		CreatedAt: s.config.Now(), PasswordHash: hash,
	}, nil
}

// SignIn checks login and password and begins a session; remote is the
// address it came from. The token goes into the browser's cookie; the hub
// keeps only its hash. A wrong pair is ErrCredentials, too many are
// ErrTooMany.
func (s *Service) SignIn(ctx context.Context, login, password, remote string) (token string, session Session, err error) {
	login = cleanLogin(login)
	tries := []attempt{{"pair " + login + " " + remote, 5}, {"from " + remote, 30}, {"to " + login, 50}}
	if err := s.signIns.begin(tries); err != nil {
		return "", Session{}, err
	}
	account, err := s.checkPassword(ctx, login, password)
	s.signIns.end(tries, errors.Is(err, ErrCredentials))
	if err != nil {
		return "", Session{}, err
	}
	s.signIns.forgive(tries[:1])
	return s.begin(ctx, account)
}

func (s *Service) checkPassword(ctx context.Context, login, password string) (Account, error) {
	account, err := Account{}, ErrNotFound
	if loginText(login) {
		account, err = s.config.Store.AccountByLogin(ctx, login)
	}
	known := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, fmt.Errorf("sign in: %w", err)
	}
	hash := account.PasswordHash
	if !known {
		hash = decoyHash // an unknown login takes as long as a known one
	}
	matches, err := s.verifyPassword(ctx, hash, password)
	if err != nil {
		return Account{}, err
	}
	if !known || !matches {
		return Account{}, ErrCredentials
	}
	return account, nil
}

func (s *Service) begin(ctx context.Context, account Account) (string, Session, error) {
	now := s.config.Now()
	if err := s.config.Store.DeleteSessionsBefore(ctx, now.Add(-s.config.SessionLife), now.Add(-s.config.SessionIdle)); err != nil {
		return "", Session{}, fmt.Errorf("sign in: %w", err)
	}
	token := newToken()
	stored := StoredSession{Hash: hashOf(token), Account: account.ID, CSRF: newToken(), CreatedAt: now, SeenAt: now}
	if err := s.config.Store.InsertSession(ctx, stored); err != nil {
		return "", Session{}, fmt.Errorf("sign in: %w", err)
	}
	return token, s.session(stored, account), nil
}

func (s *Service) session(stored StoredSession, account Account) Session {
	return Session{Account: account, CSRF: stored.CSRF, CreatedAt: stored.CreatedAt, ExpiresAt: stored.CreatedAt.Add(s.config.SessionLife)}
}

// touchAfter is how stale a session's last use may be, so that not every
// request writes.
const touchAfter = time.Minute

// Session finds the session of a token; ErrSession when there is none or it
// ended.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	stored, account, err := s.config.Store.SessionByHash(ctx, hashOf(token))
	if errors.Is(err, ErrNotFound) {
		return Session{}, ErrSession
	}
	if err != nil {
		return Session{}, fmt.Errorf("find session: %w", err)
	}
	now := s.config.Now()
	if now.Sub(stored.SeenAt) > s.config.SessionIdle || now.Sub(stored.CreatedAt) > s.config.SessionLife {
		return Session{}, errors.Join(ErrSession, s.config.Store.DeleteSession(ctx, stored.Hash))
	}
	if now.Sub(stored.SeenAt) > touchAfter {
		if err := s.config.Store.TouchSession(ctx, stored.Hash, now); err != nil {
			return Session{}, fmt.Errorf("touch session: %w", err)
		}
	}
	return s.session(stored, account), nil
}

// SignOut ends a session.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.config.Store.DeleteSession(ctx, hashOf(token))
}

// ChangePassword sets a new password after checking the old one, and signs
// the account out everywhere.
func (s *Service) ChangePassword(ctx context.Context, login, old, fresh string) error {
	tries := []attempt{{"change " + cleanLogin(login), 5}}
	if err := s.signIns.begin(tries); err != nil {
		return err
	}
	account, err := s.checkPassword(ctx, cleanLogin(login), old)
	s.signIns.end(tries, errors.Is(err, ErrCredentials))
	if err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, fresh)
	if err != nil {
		return err
	}
	if err := s.config.Store.SetPassword(ctx, account.ID, hash); err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return s.config.Store.DeleteSessionsOf(ctx, account.ID)
}
