package paper

// forms are the commands of ESC/POS by their first two bytes (Epson's ESC/POS
// command reference).
type forms map[byte]map[byte]form

func newForms() forms {
	return forms{
		dle: realTimeForms(),
		esc: escForms(),
		fs:  fsForms(),
		gs:  gsForms(),
	}
}

func realTimeForms() map[byte]form {
	return map[byte]form{
		0x04: {op: "DLE EOT", measure: statusArgs},
		0x05: {op: "DLE ENQ", fixed: 1},
		0x14: {op: "DLE DC4", measure: realTimeArgs},
	}
}

func escForms() map[byte]form {
	return map[byte]form{
		'@':  {op: "ESC @"},
		' ':  {op: "ESC SP", fixed: 1},
		'!':  {op: "ESC !", fixed: 1},
		'$':  {op: "ESC $", fixed: 2},
		'%':  {op: "ESC %", fixed: 1},
		'*':  {op: "ESC *", measure: columnImageArgs},
		'-':  {op: "ESC -", fixed: 1},
		'2':  {op: "ESC 2"},
		'3':  {op: "ESC 3", fixed: 1},
		'=':  {op: "ESC =", fixed: 1},
		'?':  {op: "ESC ?", fixed: 1},
		'D':  {op: "ESC D", measure: zeroEnded},
		'E':  {op: "ESC E", fixed: 1},
		'G':  {op: "ESC G", fixed: 1},
		'J':  {op: "ESC J", fixed: 1},
		'L':  {op: "ESC L"},
		'M':  {op: "ESC M", fixed: 1},
		'R':  {op: "ESC R", fixed: 1},
		'S':  {op: "ESC S"},
		'T':  {op: "ESC T", fixed: 1},
		'V':  {op: "ESC V", fixed: 1},
		'W':  {op: "ESC W", fixed: 8},
		'\\': {op: "ESC \\", fixed: 2},
		'a':  {op: "ESC a", fixed: 1},
		'c':  {op: "ESC c", named: true, fixed: 2},
		'd':  {op: "ESC d", fixed: 1},
		'i':  {op: "ESC i"},
		'm':  {op: "ESC m"},
		'p':  {op: "ESC p", fixed: 3},
		'r':  {op: "ESC r", fixed: 1},
		't':  {op: "ESC t", fixed: 1},
		'u':  {op: "ESC u", fixed: 1},
		'v':  {op: "ESC v"},
		'{':  {op: "ESC {", fixed: 1},
	}
}

func fsForms() map[byte]form {
	return map[byte]form{
		'!': {op: "FS !", fixed: 1},
		'&': {op: "FS &"},
		'(': {op: "FS (", named: true, measure: extendedArgs},
		'-': {op: "FS -", fixed: 1},
		'.': {op: "FS ."},
		'C': {op: "FS C", fixed: 1},
		'S': {op: "FS S", fixed: 2},
		'W': {op: "FS W", fixed: 1},
		'p': {op: "FS p", fixed: 2},
	}
}

func gsForms() map[byte]form {
	return map[byte]form{
		'!':  {op: "GS !", fixed: 1},
		'$':  {op: "GS $", fixed: 2},
		'(':  {op: "GS (", named: true, measure: extendedArgs},
		'*':  {op: "GS *", measure: downloadedArgs},
		'/':  {op: "GS /", fixed: 1},
		'8':  {op: "GS 8", named: true, measure: longArgs},
		'B':  {op: "GS B", fixed: 1},
		'H':  {op: "GS H", fixed: 1},
		'I':  {op: "GS I", fixed: 1},
		'L':  {op: "GS L", fixed: 2},
		'P':  {op: "GS P", fixed: 2},
		'V':  {op: "GS V", measure: cutArgs},
		'W':  {op: "GS W", fixed: 2},
		'\\': {op: "GS \\", fixed: 2},
		'a':  {op: "GS a", fixed: 1},
		'b':  {op: "GS b", fixed: 1},
		'f':  {op: "GS f", fixed: 1},
		'h':  {op: "GS h", fixed: 1},
		'k':  {op: "GS k", measure: barcodeArgs},
		'r':  {op: "GS r", fixed: 1},
		'v':  {op: "GS v", named: true, measure: rasterArgs},
		'w':  {op: "GS w", fixed: 1},
	}
}
