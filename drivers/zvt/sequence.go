package zvt

import "slices"

// messageIDs number the telegrams of a connection, so that one which comes
// twice or too late is known as such (tag 1F73, PA00P015 chapter 5). They count
// only with a terminal that sent the tag back when the box registered, from
// the registration on. The box counts its commands, the terminal what it sends
// in between; an answer bears the number of what it answers. Print lines and
// an abort from beside bear none: the first have no room, for the second the
// standard has no example.
type messageIDs struct {
	used bool
	// last is the number that was used last, by either side.
	last uint64
	// mine: last is the number of the box's command.
	mine bool
	// answer is what was said to the terminal's telegram with that number.
	answer APDU
}

// maxMessageID is followed by 1 again.
const maxMessageID = 999_999

// registering is the number that asks for numbers.
const registering = 0

func messageID(number uint64) []byte { return appendTLV(nil, tlvMessageID, AppendBCD(nil, number, 3)) }

// command gives a command its number.
func (m *messageIDs) command(o order) order {
	if !m.used {
		return o
	}
	m.last, m.mine, m.answer = m.last%maxMessageID+1, true, APDU{}
	o.objects = slices.Concat(o.objects, messageID(m.last))
	return o
}

// foreign: an answer to something else than the command.
func (m *messageIDs) foreign(answer APDU) bool {
	number, ok := messageIDOf(answer)
	return m.used && ok && number != m.last
}

// reply gives an answer the number of the telegram it is for.
func (m *messageIDs) reply(to, answer APDU) APDU {
	number, ok := messageIDOf(to)
	if !m.used || !ok {
		return answer
	}
	answer = order{command: answer.Command, data: answer.Data, objects: messageID(number)}.telegram()
	m.last, m.mine, m.answer = number, false, answer
	return answer
}

// order of a telegram among the others.
type place int

const (
	placeNext   place = iota // or unnumbered
	placeSame                // the last one again
	placeBehind              // of something that is over
)

// placeOf says where a telegram of the terminal stands.
func (m *messageIDs) placeOf(telegram APDU) place {
	isAnswer, _ := telegram.Answer() // to an abort from beside
	number, ok := messageIDOf(telegram)
	switch {
	case !m.used || !ok || isAnswer:
		return placeNext
	case number == m.last && !m.mine:
		return placeSame
	case number != m.last && (number+maxMessageID-m.last)%maxMessageID <= maxMessageID/2:
		return placeNext
	}
	return placeBehind
}

// messageIDOf reads a telegram's number; zero is none.
func messageIDOf(telegram APDU) (number uint64, ok bool) {
	value := ContainerOf(telegram).Find(tlvMessageID)
	if len(value) != 3 {
		return 0, false
	}
	number, err := BCD(value)
	return number, err == nil && number != registering
}

// ContainerOf finds the TLV container of a telegram, wherever its kind has it;
// nil when there is none.
func ContainerOf(telegram APDU) Objects {
	first, last := containerPlaces(telegram)
	for at := first; at <= last && at < len(telegram.Data); at++ {
		if fields, err := ParseFields(telegram.Data[at:]); err == nil && fields.Has(tagTLV) {
			return fields.Objects()
		}
	}
	return nil
}

// containerPlaces is how many bytes stand before the bitmaps of a telegram, at
// least and at most.
func containerPlaces(telegram APDU) (first, last int) {
	switch telegram.Command {
	case cmdIntermediateStatus: // what happens, perhaps T4
		return 1, 2
	case cmdAborted: // a code, perhaps a currency
		return 1, 3
	case cmdCompletion: // of a status enquiry: perhaps a version, a code
		return 0, len(telegram.Data)
	case cmdPrintLine:
		return 1, 0
	case cmdNegative | longRefusal:
		return 0, 3
	default:
		return 0, 0
	}
}
