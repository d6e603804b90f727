package zvt

import (
	"bytes"

	"shopbox/protocol/money"
)

// order is a command before it is sent: the objects of its TLV container come
// last and are kept apart until then.
type order struct {
	command Command
	data    []byte
	objects []byte
}

func (o order) telegram() APDU {
	data := bytes.Clone(o.data)
	if len(o.objects) > 0 {
		data = append(appendLength(append(data, byte(tagTLV)), len(o.objects)), o.objects...)
	}
	return APDU{o.command, data}
}

// job is a command that moves money or holds it.
type job struct {
	command Command
	// start stands before all bitmaps: the password, where one is wanted.
	start []byte
	// before and after are the bitmaps around amount and currency.
	before, after Fields
	// amount is not sent when it is zero, nor then the currency.
	amount  money.Won
	objects []byte
}

// order writes the job out. A terminal that uses tag 1F1F hears its last number
// again.
func (t *Terminal) order(j job) (order, error) {
	fields := append(Fields{}, j.before...)
	if j.amount > 0 {
		fields = append(fields, Field{tagAmount, AppendBCD(nil, uint64(j.amount), 6)}, Field{tagCurrency, t.ownCurrency()})
	}
	data, err := append(fields, j.after...).Encode()
	if err != nil {
		return order{}, err
	}
	return order{
		command: j.command,
		data:    append(bytes.Clone(j.start), data...),
		objects: append(bytes.Clone(j.objects), t.mirrored()...),
	}, nil
}

// mirrored is tag 1F1F as the terminal sent it last, or nothing.
func (t *Terminal) mirrored() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.unique == nil {
		return nil
	}
	return appendTLV(nil, tlvUnique, t.unique)
}
