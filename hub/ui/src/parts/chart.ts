import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartDataset,
  type ChartOptions,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js'
import type { SchemaHour } from '../api/types.gen'
import { compact, type Language } from '../words/format'

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
)

/** The names written beside the two series. */
export interface SeriesNames {
  now: string
  before: string
}

/** Turnover by hour as bars over the line of a week earlier. */
export class HourChart {
  #chart: Chart<'bar' | 'line', number[], string>
  #names: SeriesNames = { now: '', before: '' }
  #language: Language = 'ko'

  constructor(canvas: HTMLCanvasElement) {
    this.#chart = new Chart<'bar' | 'line', number[], string>(canvas, {
      type: 'bar',
      data: { labels: [], datasets: [] },
      plugins: [this.#labels()],
    })
  }

  /** Draws the hours between the first and the last with sales. */
  show(hours: SchemaHour[], names: SeriesNames, language: Language): void {
    this.#names = names
    this.#language = language
    const shown = trim(hours)
    const paint = colours()
    this.#chart.data = {
      labels: shown.map((hour) => String(hour.hour % 24)),
      datasets: datasets(shown, paint),
    }
    this.#chart.options = this.#options(paint)
    this.#chart.update('none')
  }

  remove(): void {
    this.#chart.destroy()
  }

  #options(paint: Colours): ChartOptions<'bar' | 'line'> {
    const ticks = { color: paint.muted, font: font() }
    return {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      events: [],
      layout: { padding: { top: 36, right: 8 } },
      scales: {
        x: {
          grid: { display: false },
          border: { color: paint.line },
          ticks: { ...ticks, maxRotation: 0 },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: paint.line },
          ticks: {
            ...ticks,
            maxTicksLimit: 4,
            callback: (at) => compact(Number(at), this.#language),
          },
        },
      },
    }
  }

  /** Writes each series' name at its own peak, so that nobody hunts a legend. */
  #labels(): Plugin<'bar' | 'line'> {
    return {
      id: 'names',
      afterDatasetsDraw: (chart) => {
        const paint = colours()
        const taken: Area[] = []
        writeAtPeak(chart, { set: 1, text: this.#names.now, colour: paint.accent }, taken)
        writeAtPeak(chart, { set: 0, text: this.#names.before, colour: paint.muted }, taken)
      },
    }
  }
}

interface Colours {
  accent: string
  muted: string
  line: string
}

interface Area {
  left: number
  right: number
  top: number
  bottom: number
}

function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const role = (name: string) => style.getPropertyValue(name).trim()
  return { accent: role('--accent'), muted: role('--muted'), line: role('--line') }
}

function font(): { family: string; size: number } {
  return { family: getComputedStyle(document.body).fontFamily, size: 13 }
}

function trim(hours: SchemaHour[]): SchemaHour[] {
  const busy = hours.map((hour) => hour.total !== 0 || hour.before !== 0)
  const first = busy.indexOf(true)
  return first < 0 ? [] : hours.slice(first, busy.lastIndexOf(true) + 1)
}

function datasets(hours: SchemaHour[], paint: Colours): ChartDataset<'bar' | 'line', number[]>[] {
  return [
    {
      type: 'line',
      data: hours.map((hour) => hour.before),
      borderColor: paint.muted,
      borderWidth: 2,
      pointRadius: hours.length > 1 ? 0 : 3,
      pointBackgroundColor: paint.muted,
    },
    {
      type: 'bar',
      data: hours.map((hour) => hour.total),
      backgroundColor: paint.accent,
      borderRadius: 2,
      maxBarThickness: 40,
    },
  ]
}

/** Writes a series' name above its highest points, the first that is free. */
function writeAtPeak(
  chart: Chart,
  label: { set: number; text: string; colour: string },
  taken: Area[],
): void {
  const values = (chart.data.datasets[label.set]?.data ?? []) as number[]
  const order = values.map((_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
  const points = chart.getDatasetMeta(label.set).data
  const { ctx } = chart
  ctx.save()
  ctx.font = `600 13px ${font().family}`
  const width = ctx.measureText(label.text).width
  for (const i of order) {
    const point = points[i]
    if (!point || !values[i]) continue
    const spot = place(chart, point.x, point.y, width)
    if (taken.some((other) => overlap(spot, other))) continue
    ctx.fillStyle = label.colour
    ctx.fillText(label.text, spot.left, spot.bottom - 4)
    taken.push(spot)
    break
  }
  ctx.restore()
}

function place(chart: Chart, x: number, y: number, width: number): Area {
  const left = Math.min(Math.max(x - width / 2, chart.chartArea.left), chart.width - width - 2)
  return { left, right: left + width, top: y - 24, bottom: y - 4 }
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right + 6 && b.left < a.right + 6 && a.top < b.bottom && b.top < a.bottom
}
