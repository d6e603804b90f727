package app_test

import (
	"net"
	"slices"
	"testing"

	"shopbox/edge/app"
)

// TestReach: a screen is told an address that another device can open.
func TestReach(t *testing.T) {
	t.Parallel()
	own := []net.Addr{
		&net.IPNet{IP: net.IPv4(127, 0, 0, 1)}, &net.IPNet{IP: net.ParseIP("fe80::1")}, &net.IPNet{IP: net.IPv4(169, 254, 3, 4)},
		&net.IPNet{IP: net.IPv4(192, 168, 0, 12)}, &net.IPAddr{IP: net.IPv4(10, 0, 0, 1)}, &net.IPNet{IP: net.IPv4(10, 7, 0, 3)},
	}
	for _, test := range []struct {
		listening net.Addr
		want      []string
	}{
		{&net.TCPAddr{IP: net.IPv6unspecified, Port: 8080}, []string{"192.168.0.12:8080", "10.7.0.3:8080"}},
		{&net.TCPAddr{IP: net.IPv4zero, Port: 80}, []string{"192.168.0.12:80", "10.7.0.3:80"}},
		{&net.TCPAddr{IP: net.IPv4(192, 168, 0, 12), Port: 8080}, []string{"192.168.0.12:8080"}},
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, nil},
		{&net.UnixAddr{Name: "/run/box"}, nil},
	} {
		if got := app.Reach(test.listening, own); !slices.Equal(got, test.want) {
			t.Errorf("on %s: %v, want %v", test.listening, got, test.want)
		}
	}
}
