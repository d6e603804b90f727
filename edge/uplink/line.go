package uplink

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"shopbox/protocol"
)

// line is one MQTT connection. A client is never used twice: paho's own
// reconnecting has no jitter and may call unsent what was sent.
type line struct {
	client mqtt.Client
	box    string
	acks   chan protocol.Ack
	lost   chan struct{}
	once   sync.Once
	wait   time.Duration
}

// quiesce is how long a closing client may finish what it writes.
const quiesce = 100 // milliseconds

func dial(ctx context.Context, box, address string, config *tls.Config, waits Waits) (*line, error) {
	l := &line{box: box, acks: make(chan protocol.Ack, 64), lost: make(chan struct{}), wait: waits.Connect}
	options := mqtt.NewClientOptions().
		AddBroker("ssl://" + address).
		SetClientID(box).
		SetTLSConfig(config).
		SetProtocolVersion(4).
		SetCleanSession(true).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetOrderMatters(true).
		SetConnectTimeout(waits.Connect).
		SetWriteTimeout(waits.Connect).
		SetKeepAlive(jitter(waits.KeepAlive)).
		SetStore(mqtt.NewMemoryStore()).
		SetDefaultPublishHandler(func(mqtt.Client, mqtt.Message) {}).
		SetConnectionLostHandler(func(mqtt.Client, error) { l.drop() })
	l.client = mqtt.NewClient(options)
	if err := l.done(ctx, l.client.Connect()); err != nil {
		l.close()
		return nil, fmt.Errorf("connect to the hub: %w", err)
	}
	subscribed := l.client.Subscribe(protocol.Topic(box, protocol.Acks), 1, l.onAck)
	if err := l.done(ctx, subscribed); err != nil {
		l.close()
		return nil, fmt.Errorf("subscribe to acks: %w", err)
	}
	return l, nil
}

func jitter(d time.Duration) time.Duration {
	return d*4/5 + rand.N(d*2/5+1) //nolint:gosec // jitter is no secret
}

// onAck only queues: a handler that waits would stop paho's pings.
func (l *line) onAck(_ mqtt.Client, message mqtt.Message) {
	ack, err := protocol.ParseAck(message.Payload())
	if err != nil {
		l.drop()
		return
	}
	select {
	case l.acks <- ack:
	default:
		l.drop()
	}
}

// publish hands a payload to the connection and waits until it was written.
// What the hub made of it only its ack tells.
func (l *line) publish(channel protocol.Channel, payload []byte) error {
	token := l.client.Publish(protocol.Topic(l.box, channel), 1, false, payload)
	select {
	case <-token.Done():
		return token.Error()
	case <-l.lost:
		return errLost
	case <-time.After(l.wait):
		return errSilent
	}
}

func (l *line) publishJSON(channel protocol.Channel, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", channel, err)
	}
	return l.publish(channel, text)
}

func (l *line) done(ctx context.Context, token mqtt.Token) error {
	timer := time.NewTimer(l.wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errSilent
	case <-l.lost:
		return errors.Join(errLost, token.Error())
	case <-token.Done():
		return token.Error()
	}
}

func (l *line) drop() { l.once.Do(func() { close(l.lost) }) }

func (l *line) close() {
	l.drop()
	l.client.Disconnect(quiesce)
}
