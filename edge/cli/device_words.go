package cli

import (
	"errors"

	"shopbox/drivers"
)

// words are what happened and what to do, for a person.
type words struct {
	Korean  string `json:"ko"`
	English string `json:"en"`
}

// The refusals a command tells by its exit status besides its line.
var (
	errNotApproved = errors.New("not_approved")
	errUndecided   = errors.New("undecided")
	errNothing     = errors.New("no_transaction")
)

// codeOf is the stable code of an error of a command.
func codeOf(err error) string {
	for _, own := range []error{errNotApproved, errUndecided, errNothing} {
		if errors.Is(err, own) {
			return own.Error()
		}
	}
	return drivers.Code(err)
}

// explain gives the words for a code; one that is not there has those of
// "fault".
func explain(code string) words {
	told, known := wordsByCode[code]
	if !known {
		return wordsByCode["fault"]
	}
	return told
}

var wordsByCode = map[string]words{
	"offline": {
		"기기가 대답하지 않아요. 전원과 선, 주소를 확인하세요.",
		"The device does not answer. Check its power, its cable and the address.",
	},
	"busy": {
		"기기가 다른 일을 하고 있어요. 카드를 빼고 끝난 뒤에 다시 해 보세요.",
		"The device is doing something else. Take the card out, wait for the end and try again.",
	},
	"protocol": {
		"기기가 알 수 없는 대답을 했어요. 드라이버와 속도 설정이 맞는지 확인하세요.",
		"The device answered something unintelligible. Check that the driver and its speed are the right ones.",
	},
	"unsupported": {
		"이 기기는 이 일을 할 수 없어요.",
		"This device cannot do this.",
	},
	"settings": {
		"설정이 맞지 않아요. 아래 설명을 보고 고쳐 주세요.",
		"A setting or an amount makes no sense. The message says which.",
	},
	"outcome_unknown": {
		"결제가 됐는지 아직 몰라요. 다시 결제하지 말고 단말기의 거래 목록을 확인하세요.",
		"It is not known whether it was charged. Do not charge again; look at the terminal's own list.",
	},
	"not_approved": {
		"승인되지 않았어요. 돈은 움직이지 않았어요.",
		"It was not approved. No money moved.",
	},
	"undecided": {
		"단말기의 기억만으로는 알 수 없어요. 단말기의 거래 목록을 직접 확인하세요.",
		"The terminal's memory does not decide. Look at its own list.",
	},
	"no_transaction": {
		"단말기에 남은 거래가 없어요.",
		"The terminal knows no transaction.",
	},
	"paper_out":     {"용지가 없어요. 새 용지를 넣으세요.", "There is no paper. Put in a new roll."},
	"cover_open":    {"뚜껑이 열려 있어요. 닫아 주세요.", "The cover is open. Close it."},
	"cutter":        {"칼날이 걸렸어요. 전원을 껐다 켜고 걸린 종이를 빼세요.", "The cutter is stuck. Switch it off and on and take the paper out."},
	"printer_fault": {"프린터가 고장을 알렸어요. 전원을 껐다 켜 보세요.", "The printer reports a fault. Switch it off and on."},
	"print_unknown": {
		"인쇄됐는지 알 수 없어요. 종이를 확인하고, 다시 인쇄하면 사본이라고 적어 주세요.",
		"It is not known whether it was printed. Look at the paper; mark what is printed again as a copy.",
	},
	"scale_unstable":   {"저울이 아직 움직여요. 멈춘 뒤에 다시 재세요.", "The scale still moves. Weigh again when it is at rest."},
	"scale_overload":   {"너무 무거워요. 내려 주세요.", "Too much lies on the scale. Take some off."},
	"scale_below_zero": {"저울이 0보다 작아요. 비우고 영점을 맞추세요.", "The scale shows less than zero. Empty and zero it."},
	"scan_garbled":     {"읽은 코드를 알아볼 수 없어요. 다시 찍어 주세요.", "What was scanned cannot be read. Scan again."},
	"fault": {
		"알 수 없는 고장이에요. 아래 설명을 확인하세요.",
		"A fault nobody foresaw. The message says more.",
	},
}
