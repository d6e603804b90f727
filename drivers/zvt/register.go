package zvt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"shopbox/drivers"
)

// Config bytes of the registration (PA00P015 table 1).
const (
	// ownSlips: the box makes the slips of payments and administration itself
	// (02, 04) out of the result, wants progress (08), and is the only one to
	// enter amounts (10). Print commands (80) are not asked for: with them a
	// payment would stand only after the last line was acknowledged (2.2.8),
	// later than the result was kept.
	ownSlips = 0x1E
	// printedSlips also asks for print commands, where no money moves.
	printedSlips = ownSlips | 0x80
)

// charsetUTF8 asks for texts in UTF-8 (tag 14).
const charsetUTF8 = 0xFE

// euro is the currency of a terminal that names none (PA00P015 1.4).
const euro = "0978"

// register announces the box: how slips are made, the currency, and which
// commands it understands (06 00). A terminal too old for the TLV container
// refuses it, and is asked without.
func (t *Terminal) register(s *session, config byte) error {
	fields, err := t.announce(s, config)
	if no, ok := errors.AsType[*refusal](err); ok && no.code == codeWrongCurrency && t.takesAnyCurrency() {
		t.setCurrency(no.currency)
		fields, err = t.announce(s, config)
	}
	if err != nil {
		return plain(err)
	}
	charset := fields.Objects().Find(tlvCharset)
	s.utf8 = len(charset) == 1 && charset[0] == charsetUTF8
	s.ids.used = fields.Objects().Find(tlvMessageID) != nil
	if id := fields.Bytes(tagTerminal); id != nil {
		t.mu.Lock()
		t.id = hex.EncodeToString(id)
		t.mu.Unlock()
	}
	return t.agreeOnCurrency(fields.Bytes(tagCurrency))
}

// announce sends 06 00 and reads its completion.
func (t *Terminal) announce(s *session, config byte) (Fields, error) {
	permitted := appendTLV(nil, tlvCommand, []byte{0x06, 0xD3})
	options := appendTLV(nil, tlvPermitted, permitted)
	options = appendTLV(options, tlvCharset, []byte{charsetUTF8})
	options = append(options, messageID(registering)...)
	data := append(append(bytes.Clone(t.password), config), t.ownCurrency()...)
	x := exchange{session: s}
	completion, err := x.run(order{cmdRegistration, data, options})
	if no, ok := errors.AsType[*refusal](err); ok && (no.code == codeNotPossible || no.code == codeProtocol) {
		x = exchange{session: s}
		completion, err = x.run(order{command: cmdRegistration, data: data})
	}
	if err != nil {
		return nil, err
	}
	fields, err := ParseFields(completion)
	if err != nil {
		return nil, fmt.Errorf("%w: registration: %w", drivers.ErrProtocol, err)
	}
	return fields, nil
}

// agreeOnCurrency compares what the terminal named with what was set, before
// any money is asked for.
func (t *Terminal) agreeOnCurrency(named []byte) error {
	switch {
	case named == nil || bytes.Equal(named, t.ownCurrency()):
		return nil
	case t.takesAnyCurrency():
		t.setCurrency(named)
		return nil
	}
	return fmt.Errorf("%w: the terminal works in currency %x, not %x; set currency=%x if that is right",
		drivers.ErrSettings, named, t.ownCurrency(), named)
}

func (t *Terminal) takesAnyCurrency() bool { return t.config.Currency == drivers.AnyCurrency }

// setCurrency takes the terminal's own currency; nil when it did not say.
func (t *Terminal) setCurrency(named []byte) {
	if len(named) != 2 {
		named, _ = hex.DecodeString(euro)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.currency = bytes.Clone(named)
}

func (t *Terminal) ownCurrency() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.currency
}

// Currency is the ISO 4217 number the amounts are in.
func (t *Terminal) Currency() string {
	return strings.TrimPrefix(hex.EncodeToString(t.ownCurrency()), "0")
}
