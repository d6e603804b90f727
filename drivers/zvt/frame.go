package zvt

// The bytes of the serial line (PA00P016 chapter 4): a block stands between
// DLE STX and DLE ETX, every DLE in it is doubled, and a checksum of two bytes
// follows. A block is answered by a bare ACK or NAK.
const (
	stx = 0x02
	etx = 0x03
	ack = 0x06
	dle = 0x10
	nak = 0x15
)

// maxBlock is the longest telegram: control field, long length and data.
const maxBlock = 5 + MaxData

// AppendFrame appends a telegram's bytes as a block of the serial line.
func AppendFrame(dst, telegram []byte) []byte {
	dst = append(dst, dle, stx)
	for _, b := range telegram {
		if b == dle {
			dst = append(dst, dle)
		}
		dst = append(dst, b)
	}
	sum := checksum(telegram)
	return append(dst, dle, etx, byte(sum), byte(sum>>8))
}

// checksum is taken over the telegram before doubling and the ETX behind it,
// with the polynomial x16+x15+x10+x3 read backwards and a start of zero. The
// standard calls it CRC-XModem; every captured block is CRC-16/KERMIT.
func checksum(telegram []byte) uint16 {
	sum := uint16(0)
	for _, b := range telegram {
		sum = checksumByte(sum, b)
	}
	return checksumByte(sum, etx)
}

func checksumByte(sum uint16, b byte) uint16 {
	sum ^= uint16(b)
	for range 8 {
		if sum&1 != 0 {
			sum = sum>>1 ^ 0x8408
		} else {
			sum >>= 1
		}
	}
	return sum
}

// FrameEvent is what a byte of the serial line completed.
type FrameEvent int

// The events of a serial line.
const (
	// FrameNothing: more bytes are needed, or it was noise between blocks.
	FrameNothing FrameEvent = iota
	// FrameACK and FrameNAK answer the block that was sent last.
	FrameACK
	FrameNAK
	// FrameBlock: a block with the right checksum came.
	FrameBlock
	// FrameBroken: a block came that must be asked for again.
	FrameBroken
)

// frameState is where in a block the next byte stands.
type frameState int

const (
	outside frameState = iota
	outsideDLE
	inside
	insideDLE
	sumLow
	sumHigh
)

// FrameReader puts blocks together byte by byte. Noise between blocks is
// passed over. The zero value is ready.
type FrameReader struct {
	state frameState
	body  []byte
	sum   uint16
}

// Within reports whether a block has begun and not ended.
func (r *FrameReader) Within() bool { return r.state > outsideDLE }

// Reset forgets a block that has begun.
func (r *FrameReader) Reset() { r.state, r.body = outside, nil }

// Take takes one byte. The telegram is that of a FrameBlock.
func (r *FrameReader) Take(b byte) (event FrameEvent, telegram []byte) {
	switch r.state {
	case outsideDLE:
		if b == stx {
			r.state, r.body = inside, nil
			return FrameNothing, nil
		}
		return r.between(b), nil
	case inside:
		if b == dle {
			r.state = insideDLE
			return FrameNothing, nil
		}
		return r.put(b), nil
	case insideDLE:
		return r.escaped(b), nil
	case sumLow:
		r.sum, r.state = uint16(b), sumHigh
		return FrameNothing, nil
	case sumHigh:
		return r.end(b)
	default:
		return r.between(b), nil
	}
}

// between takes a byte that is in no block.
func (r *FrameReader) between(b byte) FrameEvent {
	r.state = outside
	switch b {
	case dle:
		r.state = outsideDLE
	case ack:
		return FrameACK
	case nak:
		return FrameNAK
	}
	return FrameNothing
}

func (r *FrameReader) put(b byte) FrameEvent {
	if len(r.body) >= maxBlock {
		r.Reset()
		return FrameBroken
	}
	r.body, r.state = append(r.body, b), inside
	return FrameNothing
}

// escaped takes the byte behind a DLE in a block. A new STX begins the block
// anew: the end of the one before was lost.
func (r *FrameReader) escaped(b byte) FrameEvent {
	switch b {
	case dle:
		return r.put(b)
	case stx:
		r.state, r.body = inside, nil
	case etx:
		r.state = sumLow
	default:
		r.Reset()
		return FrameBroken
	}
	return FrameNothing
}

func (r *FrameReader) end(high byte) (FrameEvent, []byte) {
	telegram, sum := r.body, r.sum|uint16(high)<<8
	r.Reset()
	if sum != checksum(telegram) {
		return FrameBroken, nil
	}
	return FrameBlock, telegram
}
