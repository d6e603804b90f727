import { client, take, Trouble, useToken } from './api/client'
import type { SchemaAbout, SchemaSession, SchemaSignupInputBody } from './api/types.gen'

/** Who is signed in: undefined until the hub has said, null for nobody. */
const state = $state<{ who: SchemaSession | null | undefined; about: SchemaAbout | null }>({
  who: undefined,
  about: null,
})

export function who(): SchemaSession | null | undefined {
  return state.who
}

export function about(): SchemaAbout | null {
  return state.about
}

/** Asks the hub who is signed in. A cut line leaves the answer open. */
export async function begin(): Promise<void> {
  state.about = await take(client.GET('/api/about'))
  try {
    enter(await take(client.GET('/api/session')))
  } catch (error) {
    if (!(error instanceof Trouble) || error.code !== 'signed_out') throw error
    leave()
  }
}

export async function signIn(login: string, password: string): Promise<void> {
  enter(await take(client.POST('/api/session', { body: { login, password } })))
}

export async function signUp(body: SchemaSignupInputBody): Promise<void> {
  enter(await take(client.POST('/api/signup', { body })))
}

export async function signOut(): Promise<void> {
  await take(client.DELETE('/api/session'))
  leave()
}

/** Asks again whether the session stands; a cut line says nothing about it. */
export async function stillIn(): Promise<void> {
  try {
    await take(client.GET('/api/session'))
  } catch (error) {
    if (error instanceof Trouble && error.code === 'signed_out') leave()
  }
}

/** Forgets the session, as when the hub says it ended. */
export function leave(): void {
  state.who = null
  useToken('')
}

function enter(session: SchemaSession): void {
  useToken(session.csrf)
  state.who = session
}
