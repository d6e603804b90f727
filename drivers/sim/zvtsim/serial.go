package zvtsim

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"sync"
	"time"

	"shopbox/drivers/sim/line"
)

// Bytes of the serial line (PA00P016 chapter 4).
const (
	byteSTX = 0x02
	byteETX = 0x03
	byteACK = 0x06
	byteDLE = 0x10
	byteNAK = 0x15
)

// sends is how often a block is sent before the register counts as gone.
const sends = 3

// serialWire is the terminal's end of a serial line. Unlike a connection it
// stays: when it is cut it is deaf and dumb for a while.
type serialWire struct {
	sim  *Simulator
	line *line.Line
	in   chan telegram
	acks chan bool // true for ACK, false for NAK

	sending sync.Mutex
	writing sync.Mutex

	mu    sync.Mutex
	until time.Time // deaf until then
	busy  bool      // a block of ours is not acknowledged yet
	last  []byte    // the block before, until a block of ours got through
}

func newSerialWire(s *Simulator) (*serialWire, error) {
	wired, err := line.New()
	if err != nil {
		return nil, err
	}
	w := &serialWire{sim: s, line: wired, in: make(chan telegram, 16), acks: make(chan bool, 1)}
	s.workers.Go(w.pump)
	return w, nil
}

func (w *serialWire) incoming() <-chan telegram { return w.in }

// cut breaks the line for a while, in both directions.
func (w *serialWire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = time.Now().Add(w.sim.config.CutFor)
}

// forget begins a conversation anew: a block that equals the last one of the
// conversation before is no repetition.
func (w *serialWire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = nil
}

// close leaves the line as it is: the next operation comes over it too.
func (w *serialWire) close() {}

// unplug ends the line for good.
func (w *serialWire) unplug() { _ = w.line.Close() }

func (w *serialWire) deaf() bool {
	w.sim.mu.Lock()
	away := w.sim.outOfReach()
	w.sim.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	return away || time.Now().Before(w.until)
}

func (w *serialWire) requeue(t telegram) bool {
	select {
	case w.in <- t:
	default: // a register that talks so much is not listened to
	}
	return true
}

// pump reads the line byte by byte.
func (w *serialWire) pump() {
	defer close(w.in)
	device := w.line.Device()
	if device == nil {
		return
	}
	reader := &BlockReader{Line: device, T1: w.sim.config.T1}
	for {
		block, answer, err := reader.Next()
		if err != nil {
			return
		}
		if w.deaf() {
			continue
		}
		switch {
		case answer != 0:
			w.hear(answer == byteACK)
		case block == nil:
			w.reply(byteNAK)
		default:
			w.take(block)
		}
	}
}

// hear takes an ACK or NAK of the register.
func (w *serialWire) hear(yes bool) {
	if w.sim.strikes(faultLinkAckUnheard) {
		return
	}
	w.mu.Lock()
	w.busy = false
	if yes {
		w.last = nil
	}
	w.mu.Unlock()
	select {
	case w.acks <- yes:
	default:
	}
}

// take takes a whole block; one that equals the block before came again
// because its ACK was lost.
func (w *serialWire) take(block []byte) {
	if w.sim.strikes(faultLinkNAK) {
		w.reply(byteNAK)
		return
	}
	w.mu.Lock()
	if w.busy {
		// It waits for an ACK and hears nothing else; the register sends again.
		w.mu.Unlock()
		return
	}
	again := bytes.Equal(block, w.last)
	w.last = block
	w.mu.Unlock()
	if !w.sim.strikes(faultLinkAckLost) {
		w.reply(byteACK)
	}
	t, err := readTelegram(bytes.NewReader(block))
	if err == nil && !again {
		w.requeue(t)
	}
}

func (w *serialWire) reply(b byte) { _ = w.noise([]byte{b}) }

func (w *serialWire) noise(raw []byte) error {
	device := w.line.Device()
	if device == nil || w.deaf() {
		return errGone
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	if _, err := device.Write(raw); err != nil {
		return errGone
	}
	return nil
}

// send sends a block until the register acknowledges it.
func (w *serialWire) send(t telegram) error {
	w.sending.Lock()
	defer w.sending.Unlock()
	select {
	case <-w.acks: // of nobody's block
	default:
	}
	for range sends {
		raw := frame(t.bytes())
		if w.sim.strikes(faultLinkBadSum) {
			raw[len(raw)-1] ^= 0x55
		}
		if w.sim.strikes(faultLinkNoise) {
			raw = append([]byte{0xFF, byteDLE, 0x00, 0x41, byteDLE}, raw[1:]...)
		}
		w.expectACK(true)
		if err := w.noise(raw); err != nil {
			w.expectACK(false)
			return err
		}
		if w.acknowledged() {
			return nil
		}
	}
	return errGone
}

func (w *serialWire) acknowledged() bool {
	timer := time.NewTimer(w.sim.config.T2)
	defer timer.Stop()
	select {
	case yes := <-w.acks:
		return yes
	case <-timer.C:
	case <-w.sim.ended:
	}
	w.expectACK(false)
	return false
}

func (w *serialWire) expectACK(busy bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = busy
}

// frame makes a block of a telegram.
func frame(raw []byte) []byte {
	doubled := bytes.ReplaceAll(raw, []byte{byteDLE}, []byte{byteDLE, byteDLE})
	out := append([]byte{byteDLE, byteSTX}, doubled...)
	out = append(out, byteDLE, byteETX)
	return binary.LittleEndian.AppendUint16(out, blockSum(raw))
}

// blockSum is CRC-16/KERMIT over the telegram and the ETX.
func blockSum(raw []byte) uint16 {
	sum := uint16(0)
	for _, b := range append(bytes.Clone(raw), byteETX) {
		for bit := range 8 {
			odd := sum&1 != uint16(b>>bit)&1
			sum >>= 1
			if odd {
				sum ^= 0x8408
			}
		}
	}
	return sum
}

// Line is what a BlockReader reads: a file or a port.
type Line interface {
	io.Reader
	SetReadDeadline(at time.Time) error
}

// BlockReader takes blocks and bare answers off a serial line.
type BlockReader struct {
	Line Line
	// T1 is the longest pause within a block.
	T1     time.Duration
	buffer []byte
}

// Next is a whole block, or a bare ACK or NAK; neither stands for a block
// that was broken on the way.
func (r *BlockReader) Next() (block []byte, answer byte, err error) {
	for {
		b, err := r.byte(false)
		switch {
		case err != nil:
			return nil, 0, err
		case b == byteACK || b == byteNAK:
			return nil, b, nil
		case b != byteDLE:
			continue
		}
		for b == byteDLE {
			if b, err = r.byte(false); err != nil {
				return nil, 0, err
			}
		}
		if b == byteSTX {
			block, err := r.body()
			if os.IsTimeout(err) {
				err = nil
			}
			return block, 0, err
		}
	}
}

// body reads up to the checksum; nil when that is wrong.
func (r *BlockReader) body() ([]byte, error) {
	block := []byte{}
	for {
		b, err := r.byte(true)
		if err != nil {
			return nil, err
		}
		if b == byteDLE {
			if b, err = r.byte(true); err != nil {
				return nil, err
			}
			if b == byteETX {
				return r.checked(block)
			}
			if b != byteDLE {
				return nil, nil
			}
		}
		block = append(block, b)
	}
}

func (r *BlockReader) checked(block []byte) ([]byte, error) {
	low, err := r.byte(true)
	if err != nil {
		return nil, err
	}
	high, err := r.byte(true)
	if err != nil || uint16(high)<<8|uint16(low) != blockSum(block) {
		return nil, err
	}
	return block, nil
}

// byte reads one byte, within a block at most T1 after the one before.
func (r *BlockReader) byte(within bool) (byte, error) {
	if len(r.buffer) == 0 {
		deadline := time.Time{}
		if within {
			deadline = time.Now().Add(r.T1)
		}
		_ = r.Line.SetReadDeadline(deadline)
		buffer := make([]byte, 256)
		n, err := r.Line.Read(buffer)
		if n == 0 {
			if err == nil {
				err = io.EOF
			}
			return 0, err
		}
		r.buffer = buffer[:n]
	}
	b := r.buffer[0]
	r.buffer = r.buffer[1:]
	return b, nil
}
