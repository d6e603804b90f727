package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// MQTT 3.1.1 packet types, in the upper half of the first byte.
const (
	packetConnack = 2
	packetPublish = 3
	packetPuback  = 4
)

// keepalive is what a simulated box promises, in seconds.
const keepalive = 600

// errMQTT says that the other end does not speak as expected.
var errMQTT = errors.New("mqtt: unexpected answer")

// wire is one MQTT connection, only as much of the protocol as a box needs:
// it publishes with QoS 1, one message at a time, and hears one topic.
type wire struct {
	conn   net.Conn
	reader *bufio.Reader
	out    []byte
	body   []byte
	packet uint16
}

// heard is a packet that came.
type heard struct {
	kind    byte
	payload []byte
}

func newWire(conn net.Conn) *wire {
	return &wire{conn: conn, reader: bufio.NewReaderSize(conn, 512)}
}

func text(out []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(out, uint16(len(s))), s...)
}

// send writes a packet: first byte, length, body.
func (w *wire) send(first byte, parts ...[]byte) error {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	w.out = append(w.out[:0], first)
	w.out = binary.AppendUvarint(w.out, uint64(length))
	for _, part := range parts {
		w.out = append(w.out, part...)
	}
	_, err := w.conn.Write(w.out)
	return err
}

// connect opens a clean session.
func (w *wire) connect(client string) error {
	body := text(nil, "MQTT")
	body = append(body, 4, 2)
	body = binary.BigEndian.AppendUint16(body, keepalive)
	if err := w.send(0x10, text(body, client)); err != nil {
		return err
	}
	answer, err := w.expect(packetConnack)
	if err == nil && answer.payload[1] != 0 {
		err = fmt.Errorf("%w: connection refused with %d", errMQTT, answer.payload[1])
	}
	return err
}

// subscribe asks for a topic with QoS 0. The first message of the topic may
// come before the SUBACK.
func (w *wire) subscribe(topic string) error {
	w.packet++
	body := binary.BigEndian.AppendUint16(nil, w.packet)
	return w.send(0x82, append(text(body, topic), 0))
}

// publish sends a message with QoS 1; the caller waits for the answer.
func (w *wire) publish(topic string, payload []byte) error {
	w.packet = w.packet%1000 + 1
	w.body = binary.BigEndian.AppendUint16(text(w.body[:0], topic), w.packet)
	return w.send(0x32, w.body, payload)
}

func (w *wire) expect(kind byte) (heard, error) {
	answer, err := w.hear()
	if err == nil && answer.kind != kind {
		err = fmt.Errorf("%w: packet %d in place of %d", errMQTT, answer.kind, kind)
	}
	return answer, err
}

// hear reads the next packet. The payload is good until the next call.
func (w *wire) hear() (heard, error) {
	first, err := w.reader.ReadByte()
	if err != nil {
		return heard{}, err
	}
	length, err := binary.ReadUvarint(w.reader)
	if err != nil {
		return heard{}, err
	}
	if length > 1<<20 {
		return heard{}, fmt.Errorf("%w: packet of %d bytes", errMQTT, length)
	}
	if uint64(cap(w.body)) < length {
		w.body = make([]byte, length)
	}
	body := w.body[:length]
	if _, err := io.ReadFull(w.reader, body); err != nil {
		return heard{}, err
	}
	packet := heard{kind: first >> 4, payload: body}
	switch {
	case packet.kind == packetPublish:
		return packet, packet.cutTopic()
	case len(body) < 2:
		return packet, fmt.Errorf("%w: short packet %d", errMQTT, packet.kind)
	}
	return packet, nil
}

// cutTopic leaves the payload of a message with QoS 0.
func (h *heard) cutTopic() error {
	if len(h.payload) >= 2 {
		if start := 2 + int(binary.BigEndian.Uint16(h.payload)); start <= len(h.payload) {
			h.payload = h.payload[start:]
			return nil
		}
	}
	return fmt.Errorf("%w: message without a topic", errMQTT)
}

// patience bounds every wait for an answer.
const patience = 60 * time.Second

func (w *wire) patient() error { return w.conn.SetDeadline(time.Now().Add(patience)) }
