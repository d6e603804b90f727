package app

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// meters are the box's metrics. They tell counts, never names or amounts of a
// single sale.
type meters struct {
	registry *prometheus.Registry
	sales    *prometheus.CounterVec
	requests *prometheus.HistogramVec
}

func newMeters(b *box) *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		sales: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shopbox_box_sales_total", Help: "Sales and refunds finished since the start.",
		}, []string{"kind"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "shopbox_box_http_seconds", Help: "Time to answer a request; live streams last as long as the screen.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
		}, []string{"method", "code"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.sales, m.requests,
	)
	for _, gauge := range []struct {
		name, help string
		read       func() float64
	}{
		{"unsent_records", "Records the hub does not hold yet.", b.unsent},
		{"print_jobs_waiting", "Slips waiting for paper.", func() float64 { waiting, _ := b.printsWaiting(); return waiting }},
		{"print_jobs_unknown", "Slips that may or may not be on paper.", func() float64 { _, unknown := b.printsWaiting(); return unknown }},
		{"payments_unknown", "Card payments nobody knows the outcome of.", b.unknownPayments},
		{"disk_full", "1 while the shop sells from the disk reserve.", func() float64 { return flag(b.DiskFull()) }},
		{"clock_doubt", "1 while the clock cannot be right.", func() float64 { return flag(b.ClockDoubt()) }},
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shopbox_box_" + gauge.name, Help: gauge.help}, gauge.read))
	}
	return m
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

func (m *meters) sold(finished till.Finished) {
	kind := string(sale.Sold)
	if finished.Kind == sale.Refunded {
		kind = string(sale.Refunded)
	}
	m.sales.WithLabelValues(kind).Inc()
}

// count measures every request of a handler.
func (m *meters) count(handler http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(m.requests, handler)
}

func (m *meters) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

func (b *box) unsent() float64 {
	unsent, _, err := b.store.Unsent(context.Background())
	if err != nil {
		return -1
	}
	return float64(unsent)
}

func (b *box) printsWaiting() (waiting, unknown float64) {
	queued, lost, err := b.store.WaitingPrintJobs(context.Background())
	if err != nil {
		return -1, -1
	}
	return float64(queued), float64(lost)
}

func (b *box) unknownPayments() float64 {
	attempts, err := b.store.OpenAttempts(context.Background())
	if err != nil {
		return -1
	}
	unknown := 0
	for _, attempt := range attempts {
		if attempt.State == till.Unknown {
			unknown++
		}
	}
	return float64(unknown)
}
