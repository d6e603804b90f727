package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// services are what network printers call themselves by: raw data on port 9100
// and the line printer protocol (Bonjour Printing Specification 1.2.1).
var services = [...]string{"_pdl-datastream._tcp.local.", "_printer._tcp.local."}

// rawPort is where raw data goes; a printer known only by its line printer
// service takes it there as well.
const rawPort = 9100

// Host is a printer that answered.
type Host struct {
	name    string
	address netip.AddrPort
}

// query asks for the services in one message, as a one-shot querier does
// (RFC 6762 5.1): from a port of its own, so that the answers come to it alone.
func query() ([]byte, error) {
	message := dnsmessage.Message{}
	for _, service := range services {
		name, err := dnsmessage.NewName(service)
		if err != nil {
			return nil, err
		}
		message.Questions = append(message.Questions, dnsmessage.Question{Name: name, Type: dnsmessage.TypePTR, Class: dnsmessage.ClassINET})
	}
	return message.Pack()
}

// browse asks a group, usually the multicast one, and collects the answers
// until the patience is over.
func browse(ctx context.Context, group netip.AddrPort, patience time.Duration) ([]Host, error) {
	question, err := query()
	if err != nil {
		return nil, err
	}
	var listen net.ListenConfig
	socket, err := listen.ListenPacket(ctx, "udp4", ":0")
	if err != nil {
		return nil, fmt.Errorf("ask the network: %w", err)
	}
	defer socket.Close()
	stop := context.AfterFunc(ctx, func() { _ = socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := socket.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := socket.WriteTo(question, net.UDPAddrFromAddrPort(group)); err != nil {
		return nil, fmt.Errorf("ask the network: %w", err)
	}
	return collect(ctx, socket)
}

// answerLimit is the most a multicast DNS message may have (RFC 6762 17);
// hostsLimit is more printers than any shop has.
const (
	answerLimit = 9000
	hostsLimit  = 64
)

func collect(ctx context.Context, socket net.PacketConn) ([]Host, error) {
	var hosts []Host
	buffer := make([]byte, answerLimit)
	for len(hosts) < hostsLimit {
		n, from, err := socket.ReadFrom(buffer)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return hosts, ctx.Err()
		}
		if err != nil {
			return hosts, err
		}
		sender, err := netip.ParseAddrPort(from.String())
		if err != nil {
			continue
		}
		hosts = append(hosts, ReadAnswer(buffer[:n], sender.Addr().Unmap())...)
	}
	return hosts, nil
}

// ReadAnswer reads the printers in one answer. A printer whose address is not
// in it is at the sender's.
func ReadAnswer(message []byte, sender netip.Addr) []Host {
	var answer dnsmessage.Message
	if err := answer.Unpack(message); err != nil || !answer.Response {
		return nil
	}
	records := append(append(answer.Answers, answer.Authorities...), answer.Additionals...)
	addresses := make(map[string]netip.Addr)
	places := make(map[string]dnsmessage.SRVResource)
	for _, record := range records {
		switch body := record.Body.(type) {
		case *dnsmessage.AResource:
			addresses[strings.ToLower(record.Header.Name.String())] = netip.AddrFrom4(body.A)
		case *dnsmessage.SRVResource:
			places[strings.ToLower(record.Header.Name.String())] = *body
		}
	}
	var hosts []Host
	for _, record := range records {
		pointer, is := record.Body.(*dnsmessage.PTRResource)
		if !is {
			continue
		}
		name, service := splitInstance(pointer.PTR.String())
		if service == "" {
			continue
		}
		hosts = append(hosts, place(name, service, sender, places[strings.ToLower(pointer.PTR.String())], addresses))
	}
	return hosts
}

func place(name, service string, sender netip.Addr, at dnsmessage.SRVResource, addresses map[string]netip.Addr) Host {
	address, port := sender, uint16(rawPort)
	if known, given := addresses[strings.ToLower(at.Target.String())]; given {
		address = known
	}
	if service == services[0] && at.Port != 0 {
		port = at.Port
	}
	return Host{name: name, address: netip.AddrPortFrom(address, port)}
}

// splitInstance is "BIXOLON SRP-350" and its service, or nothing for other
// services' names.
func splitInstance(full string) (name, service string) {
	for _, service := range services {
		if name, is := strings.CutSuffix(strings.ToLower(full), "."+service); is {
			return unescape(full[:len(name)]), service
		}
	}
	return "", ""
}

// unescape takes the backslashes out that a name may have been written with.
func unescape(name string) string {
	name = strings.ReplaceAll(name, `\032`, " ")
	return strings.ToValidUTF8(strings.ReplaceAll(name, `\`, ""), "")
}

// hostPort is an address as drivers' settings have it.
func (h Host) hostPort() string {
	return net.JoinHostPort(h.address.Addr().String(), strconv.Itoa(int(h.address.Port())))
}
