/**
 * One way to the box: every request of every screen goes through `call`, and
 * every failure comes out as an ApiError with a code the locale has words for.
 */

export type Params = Record<string, string | number>

/** A refused or lost request. `code` is stable; the locale has its words. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly params: Params = {},
  ) {
    super(code)
    this.name = 'ApiError'
  }

  /** Whether it is unknown if the box got the request at all. */
  get unanswered(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** How long an answer may take before the request counts as lost. */
const patience = 15_000

/** Sends a request; the caller names the type of the answer's body. */
export async function call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  const answer = await send(method, path, body)
  const text = await answer.text()
  if (!answer.ok) throw refusal(answer.status, text)
  return (text ? parse(text) : undefined) as Answer
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'X-Shopbox': '1' }
  const form = body instanceof FormData
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : form ? body : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(patience),
    })
  } catch {
    throw new ApiError('network', 0)
  }
}

function refusal(status: number, text: string): ApiError {
  const problem = parse(text)
  if (typeof problem !== 'object' || problem === null) return new ApiError(codeOf(status), status)
  const { code, params } = problem as { code?: unknown; params?: unknown }
  return new ApiError(
    typeof code === 'string' && code ? code : codeOf(status),
    status,
    typeof params === 'object' && params !== null ? (params as Params) : {},
  )
}

function codeOf(status: number): string {
  if (status === 401) return 'not_signed_in'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 422 || status === 400) return 'invalid'
  return 'internal'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A query string from the values that are set. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

/**
 * A new key that names one payment or refund, so that sending it twice makes
 * one. crypto.randomUUID is missing on plain http, which a shop's network is.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
