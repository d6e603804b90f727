package broker

import (
	"bytes"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"shopbox/protocol"
)

// protocolVersion is MQTT 3.1.1, the one version a box speaks.
const protocolVersion = 4

// hook is the one place where mochi asks us.
type hook struct {
	mqtt.HookBase
	broker *Broker
}

// ID implements mqtt.Hook.
func (*hook) ID() string { return "shopbox" }

// Provides implements mqtt.Hook.
func (*hook) Provides(which byte) bool {
	return bytes.IndexByte([]byte{
		mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSessionEstablished, mqtt.OnDisconnect,
		mqtt.OnPublish, mqtt.OnPublishDropped, mqtt.OnSubscribed, mqtt.OnUnsubscribed,
	}, which) >= 0
}

// OnConnectAuthenticate lets in a box with a good certificate, under its own
// id, with a clean session and no will: mochi would publish a will without
// asking whether the box may.
func (h *hook) OnConnectAuthenticate(client *mqtt.Client, packet packets.Packet) bool {
	conn, ok := client.Net.Conn.(*boxConn)
	connect := packet.Connect
	switch {
	case !ok, conn.box != connect.ClientIdentifier:
		return false
	case packet.ProtocolVersion != protocolVersion, !connect.Clean, connect.WillFlag:
		return false
	case connect.Keepalive == 0, connect.Keepalive > longestKeepalive:
		return false
	}
	return conn.good
}

// OnACLCheck lets a box publish on its own up channels and subscribe to its
// own down channels.
func (*hook) OnACLCheck(client *mqtt.Client, topic string, write bool) bool {
	box, channel, ok := protocol.ParseTopic(topic)
	if !ok || box != client.ID {
		return false
	}
	if write {
		return channel.Up()
	}
	return channel.Down()
}

// OnSessionEstablished asks once more whether the certificate is good: it may
// have been revoked after it was checked and before Kick could find the
// session.
func (h *hook) OnSessionEstablished(client *mqtt.Client, _ packets.Packet) {
	h.broker.entered(client.ID, client)
	go func() {
		if conn, ok := client.Net.Conn.(*boxConn); !ok || !h.broker.admitted(conn) {
			client.Stop(errEnded)
		}
	}()
}

// OnDisconnect notes that a box went. A session that was taken over is not
// the box's any more, and changes nothing.
func (h *hook) OnDisconnect(client *mqtt.Client, _ error, _ bool) {
	h.broker.left(client.ID, client)
}

// OnPublish takes what a box sends out of the broker: nothing a box publishes
// reaches another client. A batch that cannot be taken ends the session
// without a PUBACK, and the box sends it again.
func (h *hook) OnPublish(client *mqtt.Client, packet packets.Packet) (packets.Packet, error) {
	if client.Net.Inline {
		return packet, nil
	}
	_, channel, _ := protocol.ParseTopic(packet.TopicName)
	switch channel {
	case protocol.Events:
		if conn, ok := client.Net.Conn.(*boxConn); ok {
			conn.owe()
		}
		if err := h.broker.config.Sink.Events(client.ID, packet.Payload); err != nil {
			h.broker.config.Log.Warn("batch not taken", "box", client.ID, "err", err)
			client.Stop(err)
			return packet, packets.ErrRejectPacket
		}
	case protocol.Reported:
		h.broker.config.Sink.Reported(client.ID, packet.Payload)
	default: // replies wait for the first command
	}
	return packet, packets.CodeSuccessIgnore
}

// OnPublishDropped ends a session that does not read: it would miss an ack.
// When it is back it gets the current one.
func (*hook) OnPublishDropped(client *mqtt.Client, _ packets.Packet) {
	client.Stop(errEnded)
}

// OnSubscribed has the current ack sent to a box that just subscribed to it.
func (h *hook) OnSubscribed(client *mqtt.Client, packet packets.Packet, codes []byte) {
	acks := protocol.Topic(client.ID, protocol.Acks)
	for i, filter := range packet.Filters {
		if filter.Filter == acks && i < len(codes) && codes[i] <= packets.CodeGrantedQos1.Code {
			listen(client, true)
			h.broker.config.Sink.Subscribed(client.ID)
		}
	}
}

// OnUnsubscribed notes that a box does not want its acks any more.
func (*hook) OnUnsubscribed(client *mqtt.Client, packet packets.Packet) {
	acks := protocol.Topic(client.ID, protocol.Acks)
	for _, filter := range packet.Filters {
		if filter.Filter == acks {
			listen(client, false)
		}
	}
}

func listen(client *mqtt.Client, yes bool) {
	if conn, ok := client.Net.Conn.(*boxConn); ok {
		conn.listen(yes)
	}
}
