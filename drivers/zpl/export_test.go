package zpl

import "errors"

// ErrAnswer says that bytes are no answer.
var ErrAnswer = errAnswer

// ReadStatus is the fault and the idleness of an answer to ~HS.
func ReadStatus(heard []byte) (fault error, idle bool, err error) {
	found := lines(heard)
	if len(found) > statusLines {
		found = found[:statusLines]
	}
	read, err := readStatus(found)
	return read.fault(), read.idle(), err
}

// ReadErrors is the fault of an answer to ~HQES.
func ReadErrors(heard []byte, fault *error) bool { return readErrors(heard, fault) }

// ReadIdentity is the dots an inch of an answer to ~HI.
func ReadIdentity(heard []byte) (string, error) {
	found := lines(heard)
	if len(found) == 0 {
		return "", errors.New("no line")
	}
	return readIdentity(found[0])
}
