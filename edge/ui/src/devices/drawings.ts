import type { DeviceView } from '../api/types.gen'

/**
 * Shopbox's own drawings of what is wrong with a device, strokes in a field of
 * 96 by 72: `thing` is the device, `act` what to look at or do.
 */
export interface Drawing {
  thing: string
  act: string
}

const printer = 'M14 34h52v26H14zM22 34V18h36v16M22 46h36'
const terminal = 'M30 8h30v54H30zM35 14h20v14H35zM37 36h4M45 36h4M37 44h4M45 44h4M37 52h4M45 52h4'
const scanner = 'M20 14h26l8 12h-9l-6 30H27l5-30h-12z'
const scale = 'M12 58h60l-4-20H16zM42 38V28M22 28h40M34 48h16'
const display = 'M16 14h52v24H16zM42 38v16M30 58h24M24 26h20M54 26h6'
const cableOut = 'M64 66h10v-14h6M86 46v12M80 46h8v12h-8zM92 49h-4M92 55h-4'

const things: Record<DeviceView['kind'], string> = { printer, terminal, scanner, scale, display }

const drawings: Record<string, Drawing> = {
  paper_out: {
    thing: printer,
    act: 'M82 20a10 10 0 1 0 .1 0M82 27a3 3 0 1 0 .1 0M72 30v14h10M76 52l-8 6M68 52v6h6',
  },
  paper_low: { thing: printer, act: 'M82 24a5 5 0 1 0 .1 0M77 29v16h8M72 54h18' },
  cover_open: {
    thing: 'M14 34h52v26H14zM22 46h36M14 34L26 8l44 12-4 14',
    act: 'M82 14c6 8 6 18 0 26M76 34l6 6l7-4',
  },
  cutter: {
    thing: printer,
    act: 'M28 12l26 14M28 26l26-14M24 8a4 4 0 1 0 .1 0M24 24a4 4 0 1 0 .1 0M78 40v14M78 60v.1',
  },
  ribbon_out: {
    thing: printer,
    act: 'M74 22a6 6 0 1 0 .1 0M74 50a6 6 0 1 0 .1 0M80 28v28M88 34v.1M88 44v.1',
  },
  printer_paused: { thing: printer, act: 'M78 24v24M86 24v24' },
  printer_fault: { thing: printer, act: 'M82 26v18M82 52v.1' },
  print_unknown: {
    thing: printer,
    act: 'M76 26a6 6 0 1 1 8 6c-2 1-3 3-3 6M81 46v.1',
  },
  terminal_busy: { thing: terminal, act: 'M78 24a12 12 0 1 0 .1 0M78 29v7l5 4' },
  terminal_day_due: {
    thing: terminal,
    act: 'M68 24h22v22H68zM68 31h22M73 20v7M85 20v7M74 38l4 4l7-7',
  },
  terminal_needs_diagnosis: {
    thing: terminal,
    act: 'M68 44h6l4-12l6 20l4-8h6',
  },
  terminal_needs_time: { thing: terminal, act: 'M78 24a12 12 0 1 0 .1 0M78 29v7l5 4' },
  terminal_needs_memory: {
    thing: terminal,
    act: 'M68 24h22v22H68zM72 29h14M72 35h14M72 41h14',
  },
  terminal_needs_printer: { thing: terminal, act: 'M82 24a5 5 0 1 0 .1 0M77 29v16h8M72 54h18' },
  terminal_needs_service: { thing: terminal, act: 'M78 26v18M78 52v.1' },
  terminal_not_ready: { thing: terminal, act: 'M68 36h.1M78 36h.1M88 36h.1' },
  scale_overload: { thing: scale, act: 'M28 28V14h28v14M42 4v0M84 20v22M78 26l6-6l6 6' },
  scale_below_zero: {
    thing: scale,
    act: 'M42 6v14M36 14l6 6l6-6M78 18h12M80 34a5 7 0 1 0 8 0a5 7 0 1 0-8 0',
  },
  scale_unstable: { thing: scale, act: 'M26 22c4-8 8 8 12 0s8 8 12 0s8 8 12 0' },
}

/** The drawing for a fault, if one helps. */
export function drawingOf(
  device: Pick<DeviceView, 'kind' | 'code' | 'state'>,
): Drawing | undefined {
  if (device.state === 'ok') return undefined
  const code = device.code ?? ''
  if (code === 'offline' || code === 'protocol') {
    return { thing: things[device.kind], act: cableOut }
  }
  return drawings[code === 'busy' && device.kind === 'terminal' ? 'terminal_busy' : code]
}
