package api

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-contrib/gzip"
	"github.com/gin-gonic/gin"
)

const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheNever   = "no-store"
	cacheAsk     = "no-cache"
)

// The pages load nothing from elsewhere and are framed by nobody. Styles may
// be inline because charts and progress bars size themselves.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secureHeaders are on every answer.
func secureHeaders(c *gin.Context) {
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	if c.Request.TLS != nil {
		header.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// pages answers what no route took: JSON 404 below /api, a file of the web
// app, or its index for every other address.
func pages(files fs.FS, built bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
		asset := strings.HasPrefix(name+"/", "assets/")
		switch {
		case strings.HasPrefix(name+"/", "api/") || !reading(c.Request.Method):
			writeProblem(c, newProblem(http.StatusNotFound, codeNotFound))
		case !built:
			c.Header("Cache-Control", cacheNever)
			c.String(http.StatusServiceUnavailable, "The web app is not built into this hub. Run: make ui\n")
		case asset && !isFile(files, name):
			writeProblem(c, newProblem(http.StatusNotFound, codeNotFound))
		case asset:
			// Its name changes with its content.
			c.Header("Cache-Control", cacheForever)
			c.FileFromFS(name, http.FS(files))
		case isFile(files, name) && name != "index.html":
			c.Header("Cache-Control", cacheAsk)
			c.FileFromFS(name, http.FS(files))
		default:
			c.Header("Cache-Control", cacheAsk)
			c.FileFromFS("/", http.FS(files))
		}
	}
}

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && !info.IsDir()
}

func reading(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// compressed packs pages and answers. Live streams must flow, and an answer
// that holds a token is not packed together with what a stranger could choose.
func compressed() gin.HandlerFunc {
	return gzip.Gzip(gzip.DefaultCompression,
		gzip.WithExcludedPaths([]string{"/api/live", "/api/session", "/api/signup", "/healthz"}),
		gzip.WithExcludedExtensions([]string{".woff2", ".woff", ".png"}))
}

func writeProblem(c *gin.Context, problem *Problem) {
	c.Header("Cache-Control", cacheNever)
	c.Header("Content-Type", problemType)
	c.AbortWithStatusJSON(problem.Status, problem)
}
