package holiday

// Code names a refusal for programs; the words beside it are for people.
type Code string

// The refusals.
const (
	// CodeYear is a year whose holidays are not in the data.
	CodeYear Code = "holiday_year_unknown"
	// CodeFile is a calendar that breaks its format.
	CodeFile Code = "holiday_file_invalid"
)

// Error is a refusal with its stable code.
type Error struct {
	Code    Code
	Message string
}

// Error is the code and the sentence.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }
