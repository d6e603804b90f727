package filing

// Row lets the test see that each row of the table is complete.
func Row(s State) []State { return row(s) }
