package broker

import (
	"context"
	"log/slog"
)

// quiet is a logger for mochi: only its errors, and never a packet, which
// would put a shop's sales into the log.
func quiet(log *slog.Logger) *slog.Logger {
	return slog.New(quietHandler{log.Handler()})
}

type quietHandler struct{ inner slog.Handler }

// Enabled implements slog.Handler.
func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError && h.inner.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h quietHandler) Handle(ctx context.Context, record slog.Record) error {
	kept := slog.NewRecord(record.Time, record.Level, "mqtt: "+record.Message, record.PC)
	record.Attrs(func(attribute slog.Attr) bool {
		if attribute.Key != "pk" && attribute.Key != "packet" {
			kept.AddAttrs(attribute)
		}
		return true
	})
	return h.inner.Handle(ctx, kept)
}

// WithAttrs implements slog.Handler.
func (h quietHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return quietHandler{h.inner.WithAttrs(attributes)}
}

// WithGroup implements slog.Handler.
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.inner.WithGroup(name)}
}
