package report

import "sync"

// Feed nudges whoever shows a tenant's figures: something changed, read
// again. Nudges that are not taken in time melt into one.
type Feed struct {
	mutex   sync.Mutex
	readers map[string]map[chan struct{}]struct{}
}

// NewFeed makes a feed.
func NewFeed() *Feed {
	return &Feed{readers: map[string]map[chan struct{}]struct{}{}}
}

// Subscribe returns a channel that gets a value after something of the tenant
// changed, and a function that ends it.
func (f *Feed) Subscribe(tenant string) (nudges <-chan struct{}, cancel func()) {
	channel := make(chan struct{}, 1)
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.readers[tenant] == nil {
		f.readers[tenant] = map[chan struct{}]struct{}{}
	}
	f.readers[tenant][channel] = struct{}{}
	return channel, func() { f.unsubscribe(tenant, channel) }
}

func (f *Feed) unsubscribe(tenant string, channel chan struct{}) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.readers[tenant], channel)
	if len(f.readers[tenant]) == 0 {
		delete(f.readers, tenant)
	}
}

// Nudge tells the readers of a tenant. It never waits.
func (f *Feed) Nudge(tenant string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for channel := range f.readers[tenant] {
		select {
		case channel <- struct{}{}:
		default:
		}
	}
}
