// Package refusal is an answer that a person must understand: why a key, a
// certificate or a package is refused. The rooms that read such files return
// it; the commands print it. What always holds: the code never changes, and the
// two sentences hold nothing that was in the file.
package refusal

// Error is one reason. It is compared by identity with errors.Is.
type Error struct {
	// Code is stable, for programs and translations.
	Code string
	// English and Korean say what happened and what to do.
	English, Korean string
}

// New makes a reason; a package keeps it as one of its Err variables.
func New(code, english, korean string) error {
	return &Error{Code: code, English: english, Korean: korean}
}

// Error writes the code and both sentences in one line.
func (e *Error) Error() string { return e.Code + ": " + e.English + " (" + e.Korean + ")" }
