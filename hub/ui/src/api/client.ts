import createClient from 'openapi-fetch'
import type { paths, SchemaProblem } from './types.gen'

/** The one speaker to the hub; it adds the CSRF token to every change. */
export const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' })

let csrf = ''

client.use({
  onRequest({ request }) {
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
})

/** Keeps the token of the session, or forgets it. */
export function useToken(token: string): void {
  csrf = token
}

/** What went wrong with a request: a code with words for it, never the words. */
export class Trouble extends Error {
  readonly code: string
  /** Seconds until it may be tried again. */
  readonly wait: number
  /** Names of the fields that were not taken. */
  readonly fields: readonly string[]

  constructor(code: string, wait = 0, fields: readonly string[] = []) {
    super(code)
    this.code = code
    this.wait = wait
    this.fields = fields
  }
}

interface Answer<T> {
  data?: T
  error?: SchemaProblem
  response: Response
}

/** The answer's data; every failure is a Trouble. */
export async function take<T>(asking: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asking
  } catch {
    throw new Trouble('network')
  }
  if (answer.response.ok) return answer.data as T
  const problem = answer.error
  const fields = problem?.fields?.map((field) => field.location.replace(/^body\.?/, '')) ?? []
  const wait = Number(answer.response.headers.get('Retry-After') ?? 0)
  throw new Trouble(problem?.code ?? 'internal', wait, fields)
}
