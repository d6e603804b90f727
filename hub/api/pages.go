package api

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

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
	server := http.FileServerFS(files)
	return func(c *gin.Context) {
		name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
		switch {
		case name == "api" || strings.HasPrefix(name, "api/") || !reading(c.Request.Method):
			writeProblem(c, newProblem(http.StatusNotFound, codeNotFound))
		case !built:
			c.Header("Cache-Control", cacheNever)
			c.String(http.StatusServiceUnavailable, "The web app is not built into this hub. Run: make ui\n")
		case strings.HasPrefix(name+"/", "assets/"):
			serveAsset(c, server, files, name)
		default:
			c.Header("Cache-Control", cacheAsk)
			c.FileFromFS("/", http.FS(files))
		}
	}
}

func reading(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// serveAsset serves a file whose name changes with its content.
func serveAsset(c *gin.Context, server http.Handler, files fs.FS, name string) {
	if info, err := fs.Stat(files, name); err != nil || info.IsDir() {
		writeProblem(c, newProblem(http.StatusNotFound, codeNotFound))
		return
	}
	c.Header("Cache-Control", cacheForever)
	c.Status(http.StatusOK)
	server.ServeHTTP(c.Writer, c.Request)
}

func writeProblem(c *gin.Context, problem *Problem) {
	c.Header("Cache-Control", cacheNever)
	c.Header("Content-Type", problemType)
	c.AbortWithStatusJSON(problem.Status, problem)
}
