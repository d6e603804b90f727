package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"shopbox/drivers"
	"shopbox/edge/label"
	"shopbox/edge/receipt"
	"shopbox/edge/vertical"
)

// Settings are how the API is served.
type Settings struct {
	Version string
	// Box is the box's id, Boot names this run of it.
	Box  string
	Boot int64
	// Hosts are further names the box is reached by, besides addresses and
	// names of the local network.
	Hosts []string
	// Pepper keys the hashes of PINs.
	Pepper []byte
	Kinds  vertical.Registry
	// Drivers are those a device can be adopted with.
	Drivers drivers.Registry
	Paper   *receipt.Renderer
	Labels  *label.Maker
	// Preview makes a picture (PNG) of a document as it is printed.
	Preview func(drivers.Document) ([]byte, error)
	// Pages is the web app; Built says whether it is there.
	Pages fs.FS
	Built bool
	// Stopping ends the live streams when it is closed.
	Stopping <-chan struct{}
	Log      *slog.Logger
	Now      func() time.Time
}

// Server is the API. It is safe for use by many goroutines.
type Server struct {
	Rooms
	Settings
	board   *board
	imports *imports
	streams *streams
	// pairings are the browsers that ask to be a screen.
	pairings *pairings
	pulse    pulse
	handler  http.Handler
	// signing is held while a PIN is tried.
	signing sync.Mutex
}

// New makes the API; it serves nothing by itself.
func New(rooms Rooms, settings Settings) *Server {
	gin.SetMode(gin.ReleaseMode)
	s := &Server{Rooms: rooms, Settings: settings, board: newBoard(), imports: newImports(settings.Now), streams: newStreams(), pairings: newPairings(settings.Now)}
	engine := gin.New()
	engine.Use(gin.CustomRecoveryWithWriter(nil, s.recovered), s.onlyOurHosts, secureHeaders, sameSite)
	engine.GET("/healthz", s.healthz)
	engine.NoRoute(pages(settings.Pages, settings.Built))
	s.register(engine)
	s.handler = engine
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Changed tells every screen that something in the snapshot changed: a device,
// the line to the hub, the print queue. The till's own changes are followed by
// Follow.
func (s *Server) Changed() { s.board.changed() }

// Document is the OpenAPI description in YAML.
func Document() ([]byte, error) {
	gin.SetMode(gin.ReleaseMode)
	s := &Server{board: newBoard(), imports: newImports(time.Now), streams: newStreams(), pairings: newPairings(time.Now)}
	return s.register(gin.New()).OpenAPI().YAML()
}

func (s *Server) register(engine *gin.Engine) huma.API {
	// The version of the API, not of the box: the file must not change with
	// every build.
	config := huma.DefaultConfig("Shopbox", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{toProblem}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		sessionScheme: {Type: "apiKey", In: "cookie", Name: cookieName},
	}
	api := humagin.New(engine, config)
	api.UseMiddleware(s.guard(api))
	for _, register := range []func(huma.API){
		s.registerState, s.registerSetUp, s.registerSession, s.registerStaff, s.registerCart, s.registerParked,
		s.registerPayments, s.registerCashReceipts, s.registerSales, s.registerDay, s.registerProducts, s.registerCategories, s.registerImports,
		s.registerDevices, s.registerPrints, s.registerShop, s.registerLogo, s.registerLabels, s.registerHub, s.registerClock, s.registerAudit,
		s.registerScreen, s.registerScreens,
	} {
		register(api)
	}
	describeProblems(api.OpenAPI())
	return api
}

// describeProblems makes Problem the one error answer of the description, and
// says that arrays are never null.
func describeProblems(document *huma.OpenAPI) {
	schemas := document.Components.Schemas
	problem := &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")}},
	}
	for _, path := range document.Paths {
		for _, operation := range []*huma.Operation{path.Get, path.Post, path.Put, path.Delete, path.Patch} {
			if operation != nil {
				describeAnswers(operation, problem)
			}
		}
	}
	delete(schemas.Map(), "ErrorModel")
	delete(schemas.Map(), "ErrorDetail")
	for _, schema := range schemas.Map() {
		neverNull(schema)
	}
}

func describeAnswers(operation *huma.Operation, problem *huma.Response) {
	for code, response := range operation.Responses {
		if status, err := strconv.Atoi(code); err != nil || status >= http.StatusBadRequest {
			delete(operation.Responses, code)
			continue
		}
		for _, media := range response.Content {
			neverNull(media.Schema)
		}
	}
	operation.Responses["default"] = problem
}

func neverNull(schema *huma.Schema) {
	if schema == nil {
		return
	}
	if schema.Type == huma.TypeArray {
		schema.Nullable = false
		neverNull(schema.Items)
	}
	for _, property := range schema.Properties {
		neverNull(property)
	}
}

// none is an operation without input.
type none struct{}

// ByID is an operation on one thing. It is exported because huma reads no
// fields of an unexported embedded struct.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// Page is a part of a list.
type Page struct {
	Offset int `query:"offset" minimum:"0"`
	Limit  int `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// bodyOf is an answer with a body.
type bodyOf[T any] struct{ Body T }

func answering[T any](body T, err error) (*bodyOf[T], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOf[T]{Body: body}, nil
}
