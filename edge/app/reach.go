package app

import (
	"net"
	"net/netip"
)

// Addresses implements api.Door.
func (b *box) Addresses() []string {
	own, err := net.InterfaceAddrs()
	if err != nil {
		b.Log.Warn("the machine's addresses cannot be read", "error", err)
	}
	return reach(b.doors.web.Addr(), own)
}

// reach is where a tablet in the shop finds a box that listens on an address
// of a machine with its own addresses: nowhere while the box listens for its
// machine alone.
func reach(listening net.Addr, own []net.Addr) []string {
	door, err := netip.ParseAddrPort(listening.String())
	if err != nil {
		return nil
	}
	if !door.Addr().IsUnspecified() {
		own = []net.Addr{&net.IPNet{IP: door.Addr().AsSlice()}}
	}
	var found []string
	for _, address := range own {
		network, ok := address.(*net.IPNet)
		if !ok {
			continue
		}
		ip, _ := netip.AddrFromSlice(network.IP)
		if ip = ip.Unmap(); ip.Is4() && ip.IsPrivate() {
			found = append(found, netip.AddrPortFrom(ip, door.Port()).String())
		}
	}
	return found
}
