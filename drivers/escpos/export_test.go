package escpos

import "shopbox/drivers"

// ProfileOf is what settings say of a printer, for tests.
func ProfileOf(settings drivers.Settings) (Profile, error) {
	config, err := configFrom(settings)
	return config.Profile, err
}

// SplitAnswers cuts what a printer said into its answers, for tests. It
// returns their bytes; rest is what is not whole yet.
func SplitAnswers(data []byte) (answers [][]byte, faults []error, rest []byte) {
	for {
		found, size := nextAnswer(data)
		if size == 0 {
			return answers, faults, data
		}
		answers = append(answers, found.data)
		faults = append(faults, found.fault())
		data = data[size:]
	}
}
