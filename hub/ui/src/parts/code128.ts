/**
 * CODE 128 as a row of widths, bar and space in turn. Digits go two to a
 * symbol where four or more stand together (code set C), as on the paper.
 */

// ISO/IEC 15417: the widths of the symbols 0 to 105; the stop has seven.
const widths =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232'.split(
    ' ',
  )
const stop = '2331112'
const toC = 99
const toB = 100
const startB = 104
const startC = 105

/** The symbols of a text of printable ASCII, start and check symbol included. */
export function symbols(text: string): number[] {
  const found: number[] = []
  let inC = false
  let at = 0
  while (at < text.length) {
    const digits = /^\d+/.exec(text.slice(at))?.[0].length ?? 0
    const pairs: boolean = inC ? digits >= 2 : digits >= 4
    if (found.length === 0) found.push(pairs ? startC : startB)
    else if (pairs !== inC) found.push(pairs ? toC : toB)
    inC = pairs
    found.push(pairs ? Number(text.slice(at, at + 2)) : text.charCodeAt(at) - 32)
    at += pairs ? 2 : 1
  }
  const sum = found.reduce((total, symbol, i) => total + symbol * Math.max(1, i), 0)
  return [...found, sum % 103]
}

/** The bars of a text as [left, width] in modules, and how wide it all is. */
export function bars(text: string): { bars: [number, number][]; width: number } {
  const runs = symbols(text)
    .map((symbol) => widths[symbol] ?? '')
    .join('')
    .concat(stop)
  const found: [number, number][] = []
  let width = 0
  Array.from(runs, Number).forEach((run, i) => {
    if (i % 2 === 0) found.push([width, run])
    width += run
  })
  return { bars: found, width }
}
