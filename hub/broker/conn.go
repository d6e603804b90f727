package broker

import (
	"crypto/tls"
	"encoding/binary"
	"sync"
)

// boxConn is a connection whose other end has proven to be a box. Beside what
// mochi writes to it, it sends the hub's acks itself: an ack goes to one box
// only, so the tree of subscriptions has nothing to say, and the PUBACK of a
// batch travels with the ack that says more. That is one packet in place of
// two for every batch.
type boxConn struct {
	*tls.Conn
	guard  *guard
	box    string
	serial string
	// good is what the directory said of the certificate when it connected.
	good bool

	mutex sync.Mutex
	// listening says that the box subscribed to its acks.
	listening bool
	// owed says that a batch was taken and its ack has not been posted.
	owed bool
	// posting says that a goroutine is writing queue.
	posting bool
	queue   []byte
}

// maxQueue bounds what waits for a box that does not read, in bytes.
const maxQueue = 16 << 10

// The first bytes of the packets this file knows.
const (
	pubackPacket  = 0x40
	publishPacket = 0x30 // QoS 0
	pubackLength  = 4
)

// Close closes the connection and forgets it.
func (c *boxConn) Close() error {
	c.guard.forget(c.Conn.NetConn())
	return c.Conn.Close()
}

// Write sends a packet of mochi's. The PUBACK of a batch whose ack is still
// to come waits for it.
func (c *boxConn) Write(packet []byte) (int, error) {
	if len(packet) == pubackLength && packet[0] == pubackPacket && c.hold(packet) {
		return len(packet), nil
	}
	return c.Conn.Write(packet)
}

func (c *boxConn) hold(packet []byte) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.owed || len(c.queue)+len(packet) > maxQueue {
		return false
	}
	c.queue = append(c.queue, packet...)
	return true
}

// listen notes whether the box hears its acks.
func (c *boxConn) listen(yes bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.listening = yes
	c.owed = c.owed && yes
}

// owe notes that a batch is being taken.
func (c *boxConn) owe() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.owed = c.listening
}

// post queues a message for the box and never waits; false says that the box
// does not read. A box that does not listen gets nothing.
func (c *boxConn) post(topic string, payload []byte) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.listening {
		return true
	}
	if len(c.queue)+len(topic)+len(payload) > maxQueue {
		return false
	}
	c.queue = append(c.queue, publishPacket)
	c.queue = binary.AppendUvarint(c.queue, uint64(2+len(topic)+len(payload)))
	c.queue = binary.BigEndian.AppendUint16(c.queue, uint16(len(topic)))
	c.queue = append(append(c.queue, topic...), payload...)
	c.owed = false
	if !c.posting {
		c.posting = true
		go c.drain()
	}
	return true
}

// drain writes what is queued. A line that broke is noticed by its reader.
func (c *boxConn) drain() {
	for {
		c.mutex.Lock()
		out := c.queue
		c.queue = nil
		c.posting = len(out) > 0
		c.mutex.Unlock()
		if len(out) == 0 {
			return
		}
		if _, err := c.Conn.Write(out); err != nil {
			_ = c.Close() // closed once more by mochi
			return
		}
	}
}
