/** The sounds of the counter; each has its own tune, so the ear can tell. */
export type Sound = 'ok' | 'fail' | 'done'

interface Tone {
  hertz: number
  /** Seconds from the start, and how long. */
  at: number
  long: number
  shape: OscillatorType
}

const tunes: Record<Sound, Tone[]> = {
  ok: [{ hertz: 1_320, at: 0, long: 0.06, shape: 'sine' }],
  fail: [
    { hertz: 220, at: 0, long: 0.14, shape: 'square' },
    { hertz: 175, at: 0.18, long: 0.22, shape: 'square' },
  ],
  done: [
    { hertz: 660, at: 0, long: 0.09, shape: 'sine' },
    { hertz: 990, at: 0.1, long: 0.16, shape: 'sine' },
  ],
}

/**
 * Sounds plays them. Browsers stay silent until a person touched the page, so
 * `unlock` is called at every first touch. A sound is never the only sign.
 */
export class Sounds {
  /** 0 to 100. */
  volume = 60
  #failed = -Infinity
  #audio: AudioContext | undefined

  unlock(): void {
    this.#audio ??= makeContext()
    if (this.#audio?.state === 'suspended') void this.#audio.resume().then(() => this.#mark())
    this.#mark()
  }

  play(sound: Sound): void {
    const audio = this.#audio
    if (!audio || audio.state !== 'running' || this.volume === 0) return
    // One failure may be told twice, by the answer and by the snapshot.
    if (sound === 'fail' && audio.currentTime - this.#failed < 0.4) return
    if (sound === 'fail') this.#failed = audio.currentTime
    for (const tone of tunes[sound]) this.#tone(audio, tone)
  }

  #tone(audio: AudioContext, tone: Tone): void {
    const loudness = (this.volume / 100) * (tone.shape === 'square' ? 0.15 : 0.4)
    const start = audio.currentTime + tone.at
    const gain = audio.createGain()
    gain.gain.setValueAtTime(loudness, start)
    gain.gain.exponentialRampToValueAtTime(0.001, start + tone.long)
    const source = audio.createOscillator()
    source.type = tone.shape
    source.frequency.value = tone.hertz
    source.connect(gain).connect(audio.destination)
    source.start(start)
    source.stop(start + tone.long)
  }

  /** Shows on the page whether sounds can be heard. */
  #mark(): void {
    if (this.#audio) document.documentElement.dataset['sound'] = this.#audio.state
  }
}

function makeContext(): AudioContext | undefined {
  return typeof AudioContext === 'undefined' ? undefined : new AudioContext()
}
