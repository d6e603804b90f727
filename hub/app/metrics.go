package app

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shopbox/hub/ingest"
)

// metrics is the handler of the metrics listener.
func (h *hub) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "shopbox_hub_boxes_online", Help: "Boxes connected now.",
		}, func() float64 { return float64(h.broker.Online()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "shopbox_hub_projection_backlog_records", Help: "Records that are stored and not yet in the list of sales and the sums.",
		}, func() float64 { return float64(h.ingest.Stats().Backlog) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "shopbox_hub_projection_backlog_seconds", Help: "How long the oldest of them has waited.",
		}, func() float64 { return h.ingest.Stats().BacklogAge.Seconds() }),
	)
	for name, counter := range map[string]struct {
		help string
		read func(ingest.Stats) float64
	}{
		"batches":    {"Batches taken.", func(s ingest.Stats) float64 { return float64(s.Batches) }},
		"records":    {"Records stored.", func(s ingest.Stats) float64 { return float64(s.Records) }},
		"duplicates": {"Records left out because the hub held them.", func(s ingest.Stats) float64 { return float64(s.Duplicates) }},
		"rejects":    {"Records put aside because they could not be read.", func(s ingest.Stats) float64 { return float64(s.Rejects) }},
		"busy":       {"Messages refused because the hub was behind.", func(s ingest.Stats) float64 { return float64(s.Busy) }},
		"groups":     {"Transactions committed.", func(s ingest.Stats) float64 { return float64(s.Groups) }},
		"failures":   {"Transactions that failed.", func(s ingest.Stats) float64 { return float64(s.Failures) }},
		"committing_seconds": {
			"Time spent committing.", func(s ingest.Stats) float64 { return s.Committing.Seconds() },
		},
		"projected":   {"Records that went into the list of sales and the sums.", func(s ingest.Stats) float64 { return float64(s.Projected) }},
		"projections": {"Transactions that projected them.", func(s ingest.Stats) float64 { return float64(s.Projections) }},
		"projecting_seconds": {
			"Time spent projecting.", func(s ingest.Stats) float64 { return s.Projecting.Seconds() },
		},
	} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "shopbox_hub_ingest_" + name + "_total", Help: counter.help,
		}, func() float64 { return counter.read(h.ingest.Stats()) }))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}
