// Package api is the hub's face over HTTP: the JSON API of the web app, the
// door where boxes enrol, and the web app itself. hub/app serves it.
//
// What always holds:
//
//   - Every answer that is not a success is problem+json with a stable code.
//   - An operation is for its role unless it is marked open; what belongs to
//     another tenant answers 404, as if it did not exist.
//   - Every change by a signed-in person carries the session's CSRF token.
//   - The OpenAPI file is generated from this code; a test fails when it is
//     stale.
package api

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"shopbox/hub/report"
	"shopbox/hub/tenant"
)

// Accounts signs people in and out and founds tenants.
type Accounts interface {
	Found(ctx context.Context, wanted tenant.NewTenant) (tenant.Tenant, tenant.Shop, error)
	Tenant(ctx context.Context, id string) (tenant.Tenant, error)
	SignIn(ctx context.Context, login, password, remote string) (string, tenant.Session, error)
	Session(ctx context.Context, token string) (tenant.Session, error)
	SignOut(ctx context.Context, token string) error
}

// Places keeps the shops of tenants and lets boxes in.
type Places interface {
	CreateShop(ctx context.Context, tenant, name, kind string) (tenant.Shop, error)
	NewClaimCode(ctx context.Context, tenant, shop string) (tenant.ClaimCode, error)
	Claim(ctx context.Context, request tenant.ClaimRequest) (tenant.Claimed, error)
	Renew(ctx context.Context, request tenant.RenewRequest) (tenant.Renewed, error)
}

// Reports answers what owners and operators ask.
type Reports interface {
	Day(ctx context.Context, scope report.Scope, day string) (report.Day, error)
	Sales(ctx context.Context, query report.SalesQuery) (report.SalesPage, error)
	Sale(ctx context.Context, scope report.Scope, number string, at time.Time) (report.Sale, error)
	Shops(ctx context.Context, tenant string) ([]report.ShopInfo, error)
	Boxes(ctx context.Context, tenant string) ([]report.Box, error)
	Differences(ctx context.Context, tenant string, since time.Time) ([]report.Difference, error)
	Fleet(ctx context.Context, query report.FleetQuery) (report.FleetPage, error)
	FleetCounts(ctx context.Context) (report.FleetCounts, error)
}

// Rooms are what the API calls.
type Rooms struct {
	Accounts Accounts
	Places   Places
	Reports  Reports
	Feed     Feed
}

// Settings are how the API is served.
type Settings struct {
	Version    string
	SignupOpen bool
	// MQTTAddress is the host:port told to boxes that enrol.
	MQTTAddress string
	// Secure marks the session cookie for HTTPS only.
	Secure bool
	// Proxies are the addresses whose X-Forwarded headers are believed.
	Proxies []string
	// Pages is the web app; Built says whether it is there.
	Pages fs.FS
	Built bool
	// Healthy says whether the hub can work.
	Healthy func(context.Context) error
	// Stopping ends the live streams when it is closed.
	Stopping <-chan struct{}
	Log      *slog.Logger
	Now      func() time.Time
}

type server struct {
	accounts Accounts
	places   Places
	reports  Reports
	settings Settings
	feed     Feed
	stopping <-chan struct{}
	log      *slog.Logger
	now      func() time.Time
	signups  *limiter
	streams  *streams
}

// New makes the handler of the web listener. A proxy that is no address is an
// error.
func New(rooms Rooms, settings Settings) (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(settings.Proxies); err != nil {
		return nil, fmt.Errorf("proxies: %w", err)
	}
	engine.Use(gin.CustomRecoveryWithWriter(nil, recovered(settings.Log)), secureHeaders, compressed(), plainAddress, sameSite, withClient)
	engine.GET("/healthz", health(settings))
	engine.NoRoute(pages(settings.Pages, settings.Built))
	register(engine, newServer(rooms, settings))
	return engine, nil
}

// health answers a watcher with whether the hub can work.
func health(settings Settings) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Cache-Control", cacheNever)
		if err := settings.Healthy(c.Request.Context()); err != nil {
			settings.Log.ErrorContext(c.Request.Context(), "not healthy", "err", err)
			writeProblem(c, newProblem(http.StatusServiceUnavailable, codeUnavailable))
			return
		}
		c.String(http.StatusOK, "ok\n")
	}
}

// Document is the OpenAPI description in YAML.
func Document() ([]byte, error) {
	gin.SetMode(gin.ReleaseMode)
	return register(gin.New(), newServer(Rooms{}, Settings{Now: time.Now})).OpenAPI().YAML()
}

func newServer(rooms Rooms, settings Settings) *server {
	return &server{
		accounts: rooms.Accounts, places: rooms.Places, reports: rooms.Reports,
		settings: settings, feed: rooms.Feed, stopping: settings.Stopping,
		log: settings.Log, now: settings.Now,
		signups: newLimiter(signupInterval, signupBurst, settings.Now),
		streams: &streams{open: make(map[string]int)},
	}
}

func register(engine *gin.Engine, s *server) huma.API {
	// The version of the API, not of the hub: the file must not change with
	// every build.
	config := huma.DefaultConfig("Shopbox Hub", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{toProblem}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		sessionScheme: {Type: "apiKey", In: "cookie", Name: cookieName},
	}
	api := humagin.New(engine, config)
	api.UseMiddleware(s.guard(api))
	s.registerSession(api)
	s.registerSignup(api)
	s.registerShops(api)
	s.registerEnrol(api)
	s.registerDashboard(api)
	s.registerSales(api)
	s.registerBoxes(api)
	s.registerFleet(api)
	s.registerLive(api)
	describeProblems(api.OpenAPI())
	return api
}

// describeProblems makes Problem the one error answer of the description.
func describeProblems(document *huma.OpenAPI) {
	schemas := document.Components.Schemas
	problem := &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")}},
	}
	for _, path := range document.Paths {
		for _, operation := range []*huma.Operation{path.Get, path.Post, path.Put, path.Delete, path.Patch} {
			if operation == nil {
				continue
			}
			for code := range operation.Responses {
				if code >= "400" {
					delete(operation.Responses, code)
				}
			}
			operation.Responses["default"] = problem
		}
	}
	delete(schemas.Map(), "ErrorModel")
	delete(schemas.Map(), "ErrorDetail")
}
