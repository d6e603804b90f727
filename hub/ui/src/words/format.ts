/**
 * How amounts, quantities, days and times are written. A shop lives by the
 * clock of Seoul, wherever its owner's phone is.
 */
export type Language = 'ko' | 'en'

const zone = 'Asia/Seoul'
const weekdays: readonly string[] = ['일', '월', '화', '수', '목', '금', '토']

const dayParts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})
// Days are dates, not moments: they are written in the zone they are read in.
const englishDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** 1234567 → 1,234,567 */
export function won(amount: number): string {
  const digits = Math.abs(amount)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
  return amount < 0 ? `-${digits}` : digits
}

/** Thousandths without needless zeros: 2000 → 2, 1234 → 1.234 */
export function quantity(milli: number): string {
  return (milli / 1000).toString()
}

/** The business day a moment falls on in Seoul: 2026-11-23 */
export function dayOf(moment: Date): string {
  return dayParts.format(moment)
}

/** The day before or after: ('2026-11-23', -1) → 2026-11-22 */
export function shiftDay(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** 2026-11-23 → 2026. 11. 23. (월) or Mon, 23 Nov 2026 */
export function longDay(day: string, language: Language): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (language === 'en') {
    return englishDay.format(date)
  }
  const [year, month, of] = day.split('-').map(Number)
  return `${year}. ${month}. ${of}. (${weekdays[date.getUTCDay()]})`
}

/** 2026-11-23 → 11. 23. (월) or Mon, 23 Nov */
export function shortDay(day: string, language: Language): string {
  return longDay(day, language).replace(/^\d+\. | \d{4}$/, '')
}

/** 14:05 */
export function time(moment: string | Date): string {
  return clock.format(new Date(moment))
}

/** 2026. 11. 23. (월) 14:05 or Mon, 23 Nov 2026 14:05 */
export function dayAndTime(moment: string | Date, language: Language): string {
  const date = new Date(moment)
  return `${longDay(dayOf(date), language)} ${time(date)}`
}

/** Seconds as a clock running down: 605 → 10:05 */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds))
  return `${Math.floor(left / 60)}:${(left % 60).toString().padStart(2, '0')}`
}

/** 1234567890 → 123-45-67890; anything else stays as it is. */
export function businessNumber(digits: string): string {
  return /^\d{10}$/.test(digits)
    ? `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`
    : digits
}

/** Whether ten digits carry the right check digit. */
export function isBusinessNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length !== 10) return false
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5]
  const d = Array.from(digits, Number)
  let sum = Math.floor(((d[8] ?? 0) * 5) / 10)
  weights.forEach((weight, i) => (sum += (d[i] ?? 0) * weight))
  return (10 - (sum % 10)) % 10 === d[9]
}

/** An amount for a chart's axis: 1200000 → 120만, 1.2M */
export function compact(amount: number, language: Language): string {
  return new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en', {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(amount)
}
