package network_test

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/gosnmp/gosnmp"
	"golang.org/x/net/dns/dnsmessage"

	"shopbox/drivers"
	"shopbox/edge/devices/network"
)

// serve answers datagrams on loopback until the test ends.
func serve(t *testing.T, answer func(question []byte) []byte) netip.AddrPort {
	t.Helper()
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { socket.Close() })
	go func() {
		buffer := make([]byte, 9000)
		for {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply := answer(buffer[:n]); reply != nil {
				_, _ = socket.WriteTo(reply, from)
			}
		}
	}()
	return netip.MustParseAddrPort(socket.LocalAddr().String())
}

// agent is an SNMP agent that knows these objects.
func agent(t *testing.T, objects map[string]string) netip.AddrPort {
	t.Helper()
	return serve(t, func(question []byte) []byte {
		decoder := gosnmp.GoSNMP{Version: gosnmp.Version1}
		packet, err := decoder.SnmpDecodePacket(question)
		if err != nil || packet.PDUType != gosnmp.GetRequest || packet.Community != "public" {
			t.Errorf("asked % X: %v", question, err)
			return nil
		}
		packet.PDUType = gosnmp.GetResponse
		for i, variable := range packet.Variables {
			if text, known := objects[variable.Name]; known {
				packet.Variables[i] = gosnmp.SnmpPDU{Name: variable.Name, Type: gosnmp.OctetString, Value: text}
			} else {
				packet.Error, packet.ErrorIndex = gosnmp.NoSuchName, uint8(i+1)
			}
		}
		reply, err := packet.MarshalMsg()
		if err != nil {
			t.Error(err)
		}
		return reply
	})
}

// responder is a printer's multicast DNS, on loopback.
func responder(t *testing.T, port uint16) netip.AddrPort {
	t.Helper()
	return serve(t, func(question []byte) []byte {
		var asked dnsmessage.Message
		if err := asked.Unpack(question); err != nil || len(asked.Questions) != 2 {
			t.Errorf("asked %+v: %v", asked, err)
			return nil
		}
		return answer(t, port)
	})
}

func answer(t *testing.T, port uint16) []byte {
	t.Helper()
	name := dnsmessage.MustNewName
	instance := name("SRP-350plus._pdl-datastream._tcp.local.")
	head := func(of dnsmessage.Name) dnsmessage.ResourceHeader {
		return dnsmessage.ResourceHeader{Name: of, Class: dnsmessage.ClassINET, TTL: 10}
	}
	reply, err := (&dnsmessage.Message{
		Header: dnsmessage.Header{Response: true, Authoritative: true},
		Answers: []dnsmessage.Resource{
			{Header: head(name("_pdl-datastream._tcp.local.")), Body: &dnsmessage.PTRResource{PTR: instance}},
			{Header: head(name("_airplay._tcp.local.")), Body: &dnsmessage.PTRResource{PTR: name("TV._airplay._tcp.local.")}},
		},
		Additionals: []dnsmessage.Resource{
			{Header: head(instance), Body: &dnsmessage.SRVResource{Port: port, Target: name("printer.local.")}},
			{Header: head(name("printer.local.")), Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}},
		},
	}).Pack()
	must(t, err)
	return reply
}

func TestFind(t *testing.T) {
	t.Parallel()
	snmp := agent(t, map[string]string{".1.3.6.1.2.1.25.3.2.1.3.1": "BIXOLON\r\n receipt printer"})
	finder := network.Finder{Group: responder(t, 9101), SNMPPort: snmp.Port(), Patience: 500 * time.Millisecond}
	seen, err := finder.Find(t.Context(), "")
	must(t, err)
	want := drivers.Sighting{Bus: drivers.BusNetwork, Host: "127.0.0.1:9101", Name: "SRP-350plus (BIXOLON receipt printer)"}
	if len(seen) != 1 || seen[0] != want {
		t.Errorf("found %+v, want %+v", seen, want)
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	snmp := agent(t, map[string]string{".1.3.6.1.2.1.1.1.0": "EPSON TM-T88VI"})
	finder := network.Finder{SNMPPort: snmp.Port(), Patience: 500 * time.Millisecond}
	seen, err := finder.Find(t.Context(), "127.0.0.1")
	must(t, err)
	if want := (drivers.Sighting{Bus: drivers.BusNetwork, Host: "127.0.0.1", Name: "EPSON TM-T88VI"}); len(seen) != 1 || seen[0] != want {
		t.Errorf("found %+v, want %+v", seen, want)
	}
	if _, err := finder.Find(t.Context(), "http://printer/"); !errors.Is(err, drivers.ErrSettings) {
		t.Errorf("no address: %v", err)
	}
}

// What says nothing of itself is still offered by its address; a silent
// network has nothing.
func TestSilence(t *testing.T) {
	t.Parallel()
	silent := serve(t, func([]byte) []byte { return nil })
	finder := network.Finder{Group: silent, SNMPPort: silent.Port(), Patience: 100 * time.Millisecond}
	if seen, err := finder.Find(t.Context(), ""); err != nil || len(seen) != 0 {
		t.Errorf("in silence found %+v %v", seen, err)
	}
	if seen, err := finder.Find(t.Context(), "127.0.0.1:9100"); err != nil || len(seen) != 1 || seen[0].Name != "127.0.0.1:9100" {
		t.Errorf("typed %+v %v", seen, err)
	}
}

func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte{0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(_ *testing.T, message []byte) {
		network.ReadAnswer(message, netip.IPv4Unspecified())
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
