/** A mobile number as it is being typed: 010-1234-5678. */
export function mobile(digits: string): string {
  if (!digits.startsWith('01')) return digits
  const middle = digits.length === 10 ? 6 : 7
  return [digits.slice(0, 3), digits.slice(3, middle), digits.slice(middle)]
    .filter(Boolean)
    .join('-')
}

/** Whether a mobile number is complete. */
export function isMobile(digits: string): boolean {
  return /^01\d{8,9}$/.test(digits)
}
