// Package network finds printers on the shop's network: those that answer a
// multicast DNS question, and one at an address a person typed; SNMP then says
// what they are. edge/app hands it to edge/devices, which calls it when a person
// asked to look.
//
// What always holds: no address is tried that nobody named, neither the
// printer itself nor a person; nothing is sent to a printer's data port.
//
// The question is asked over an own socket with golang.org/x/net's messages:
// the usual library (hashicorp/mdns) always asks the one multicast address, so
// that nothing of it could be tried on loopback.
package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gosnmp/gosnmp"

	"shopbox/drivers"
)

// Finder looks on the network.
type Finder struct {
	// Group is where printers listen for the question.
	Group netip.AddrPort
	// SNMPPort is where they say what they are.
	SNMPPort uint16
	// Patience is how long answers are waited for.
	Patience time.Duration
}

// Usual is the finder for a shop's network (RFC 6762 3, RFC 3417 3.2).
func Usual() Finder {
	return Finder{Group: netip.AddrPortFrom(netip.AddrFrom4([4]byte{224, 0, 0, 251}), 5353), SNMPPort: 161, Patience: 1500 * time.Millisecond}
}

// Find lists the printers that answer, or what is at an address, host or
// host:port, when one is given. An address that is none is
// drivers.ErrSettings; a network that cannot be asked has no printers.
func (f Finder) Find(ctx context.Context, address string) ([]drivers.Sighting, error) {
	if address != "" {
		return f.typed(ctx, address)
	}
	hosts, err := browse(ctx, f.Group, f.Patience)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		// A box without a network, or in a container, asks nobody.
		return nil, nil //nolint:nilerr // what is plugged in is still found
	}
	return f.name(ctx, hosts), nil
}

func (f Finder) typed(ctx context.Context, address string) ([]drivers.Sighting, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		name = strings.Trim(address, "[]")
	}
	if name == "" || strings.ContainsAny(address, "/ ?#@") {
		return nil, fmt.Errorf("%w: %q is no address", drivers.ErrSettings, address)
	}
	seen := drivers.Sighting{Bus: drivers.BusNetwork, Host: address, Name: address}
	if says := f.describe(ctx, name); says != "" {
		seen.Name = says
	}
	return []drivers.Sighting{seen}, nil
}

// name asks every host once what it is; a printer may show by two services.
func (f Finder) name(ctx context.Context, hosts []Host) []drivers.Sighting {
	var seen []drivers.Sighting
	known := make(map[string]bool)
	for _, each := range hosts {
		if at := each.hostPort(); !known[at] {
			known[at] = true
			seen = append(seen, drivers.Sighting{Bus: drivers.BusNetwork, Host: at, Name: each.name})
		}
	}
	var asking sync.WaitGroup
	for i := range seen {
		asking.Go(func() {
			name, _, err := net.SplitHostPort(seen[i].Host)
			if err != nil {
				return
			}
			// Both names help to tell what it is.
			if says := f.describe(ctx, name); says != "" && !strings.Contains(says, seen[i].Name) {
				seen[i].Name += " (" + says + ")"
			}
		})
	}
	asking.Wait()
	return seen
}

// What a printer is, as SNMP has it: hrDeviceDescr of its first device
// (RFC 2790 6) says the model, sysDescr (RFC 3418 2) at least the maker.
const (
	hrDeviceDescr = ".1.3.6.1.2.1.25.3.2.1.3.1"
	sysDescr      = ".1.3.6.1.2.1.1.1.0"
)

// nameLimit keeps a device's own words short enough to show.
const nameLimit = 60

// describe is what a host says of itself, empty when it says nothing.
func (f Finder) describe(ctx context.Context, name string) string {
	client := gosnmp.GoSNMP{
		Target: name, Port: f.SNMPPort, Community: "public", Version: gosnmp.Version1, Timeout: f.Patience, Context: ctx, MaxOids: 1,
	}
	if err := client.Connect(); err != nil {
		return ""
	}
	defer client.Conn.Close()
	// One after the other: SNMP 1 answers nothing at all when one is missing.
	for _, object := range []string{hrDeviceDescr, sysDescr} {
		answer, err := client.Get([]string{object})
		if err != nil {
			return ""
		}
		for _, variable := range answer.Variables {
			if text, is := variable.Value.([]byte); is && len(text) > 0 {
				return shorten(strings.ToValidUTF8(string(text), ""))
			}
		}
	}
	return ""
}

func shorten(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), nameLimit)])
}
