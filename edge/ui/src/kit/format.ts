import type { Language } from '../locale/index.svelte'

/** A shop's clock, wherever the screen is. */
const zone = 'Asia/Seoul'

/** An amount with thousands commas and no unit: -1,234,000. */
export function digits(amount: number): string {
  const text = String(Math.abs(amount)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return amount < 0 ? `-${text}` : text
}

/** A quantity in thousandths without needless zeros: 2, 1.234, 0.5. */
export function quantity(milli: number): string {
  const whole = Math.trunc(Math.abs(milli) / 1000)
  const part = String(Math.abs(milli) % 1000).padStart(3, '0')
  const text = part === '000' ? digits(whole) : `${digits(whole)}.${part.replace(/0+$/, '')}`
  return milli < 0 ? `-${text}` : text
}

/** Thousandths as percent: 100 is 10, 125 is 12.5. */
export function percent(permille: number): string {
  return permille % 10 === 0 ? String(permille / 10) : (permille / 10).toFixed(1)
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** A time of day: 14:05. */
export function time(at: string | number | Date): string {
  return clock.format(new Date(at))
}

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** A moment's day in the shop: 2026-11-23. */
export function dayOf(at: string | number | Date): string {
  return parts.format(new Date(at))
}

/** The day so many days later (or earlier): 2026-11-23, -1 gives 2026-11-22. */
export function dayAfter(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T12:00:00+09:00`) + days * 86_400_000)
}

/** A day in words: 2026. 11. 23. (월) or Mon, 23 Nov 2026. */
export function dayInWords(day: string, language: Language): string {
  const iso = /^\d{8}$/.test(day)
    ? `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
    : day.slice(0, 10)
  const at = new Date(`${iso}T12:00:00+09:00`)
  if (Number.isNaN(at.getTime())) return day
  if (language === 'en') {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    }).format(at)
  }
  const weekday = new Intl.DateTimeFormat('ko-KR', { timeZone: zone, weekday: 'short' }).format(at)
  const [year, month, date] = iso.split('-').map(Number)
  return `${year}. ${month}. ${date}. (${weekday})`
}

/** A business number as it is written: 123-45-67890. */
export function businessNumber(number: string): string {
  const plain = number.replace(/\D/g, '')
  if (plain.length <= 3) return plain
  if (plain.length <= 5) return `${plain.slice(0, 3)}-${plain.slice(3)}`
  return `${plain.slice(0, 3)}-${plain.slice(3, 5)}-${plain.slice(5, 10)}`
}

/**
 * Whether a business number's check digit is right: weights 1 3 7 1 3 7 1 3 5,
 * and the tens of the ninth digit times five are added.
 */
export function businessNumberValid(number: string): boolean {
  if (!/^\d{10}$/.test(number)) return false
  const digit = (index: number) => Number(number.charAt(index))
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5]
  const sum = weights.reduce((total, weight, index) => total + digit(index) * weight, 0)
  return (10 - ((sum + Math.floor((digit(8) * 5) / 10)) % 10)) % 10 === digit(9)
}
