package app

// Tidiness tells at each look whether a hub that made so many bytes since its
// start is to be tidied, and takes it for done.
func Tidiness() func(made uint64) bool {
	var t tidiness
	return func(made uint64) bool {
		due := t.due(made)
		if due {
			t.tidied = made
		}
		return due
	}
}
