// Written by hand until the API is generated.

export type State = {
  version: number
  boot: string
  set_up: boolean
  shop: ShopView
  day: DayView
  cart: CartView
  parked: ParkedView[]
  payment?: PaymentView
  finished?: DoneView
  notice?: NoticeView
  devices: DeviceView[]
  hub: HubView
  box: BoxView
  catalog: CatalogStateView
  options: OptionsView
}
export type ShopView = {
  name: string
  business_number: string
  representative: string
  address: string
  phone: string
  kind: 'retail' | 'grocery'
}
export type OptionsView = {
  language: 'ko' | 'en'
  left_handed: boolean
  quick_discounts: number[]
  volume: number
  receipt_foot: string
  codes: CodeRuleView[]
}
export type CodeRuleView = {
  prefix: string
  item_digits: number
  value_digits: number
  kind: 'price' | 'weight'
  decimals: number
}
export type DayView = {
  open: boolean
  day?: string
  opened_at?: string
  opened_by?: string
}
export type CartView = {
  id: string
  version: number
  lines: LineView[]
  gross: number
  discount: number
  total: number
  vat: number
  exempt: number
  paid: number
  due: number
  tenders: TenderView[]
  whole_permille: number
  whole_amount: number
  note: string
  locked: boolean
  undo_until?: string
  undo_name?: string
  notes: number[]
}
export type LineView = {
  id: string
  product?: string
  name: string
  quantity: number
  by_weight: boolean
  unit: number
  list: number
  discount: number
  permille: number
  amount: number
  vat: 'taxable' | 'exempt'
  note?: string
  left?: number
}
export type TenderView = {
  kind: 'cash' | 'card'
  amount: number
  received?: number
  change?: number
  attempt?: string
  card?: string
  scheme?: string
  approval?: string
}
export type ParkedView = {
  id: string
  name: string
  total: number
  lines: number
  at: string
  by: string
}
export type PaymentView = {
  attempt: string
  purpose: 'charge' | 'refund' | 'reversal'
  amount: number
  state: 'waiting' | 'asking' | 'unknown' | 'approved' | 'declined' | 'not_charged'
  progress?: string
  reason?: string
  text?: string
  can_cancel: boolean
  since: string
}
export type DoneView = {
  number: string
  refund: boolean
  total: number
  change: number
  received: number
  tenders: TenderView[]
  print: string
}
export type NoticeView = {
  number: number
  code: string
  level: 'ok' | 'warn' | 'stop'
  subject?: string
}
export type DeviceView = {
  id: string
  kind: 'terminal' | 'printer' | 'scanner'
  driver: string
  name: string
  state: 'ok' | 'warn' | 'stop'
  code?: string
  since: string
  verified: boolean
  waiting?: number
}
export type HubView = {
  state: 'unclaimed' | 'online' | 'offline'
  unsent: number
  oldest_unsent?: string
  url?: string
  since?: string
}
export type BoxView = {
  id: string
  version: string
  disk_full: boolean
  clock_doubt: boolean
  now: string
}
export type CatalogStateView = {
  version: number
}
export type CatalogView = {
  version: number
  categories: CategoryView[]
  keys: KeyView[]
}
export type CategoryView = {
  id: string
  name: string
  order: number
}
export type KeyView = {
  product: string
  name: string
  price: number
  vat: 'taxable' | 'exempt'
  by_weight: boolean
  category: string
  slot: number
  prompts: PromptView[]
}
export type PromptView = {
  kind: 'age' | 'note' | 'weight' | 'price'
  age?: number
  label?: string
}
export type ProductView = {
  id?: string
  name: string
  category: string
  price: number
  cost?: number
  vat: 'taxable' | 'exempt'
  barcodes: string[]
  by_weight: boolean
  unit: string
  age: number
  ask_note: string
  on_keys: boolean
  archived: boolean
  stock: number
}
export type StaffView = {
  id?: string
  name: string
  role: 'owner' | 'manager' | 'cashier'
  active: boolean
}
export type SessionView = {
  staff: StaffView
  rights: string[]
  max_discount: number
}
export type SaleView = {
  number: string
  day: string
  at: string
  refund: boolean
  original?: string
  reason?: string
  by: string
  lines: LineView[]
  total: number
  supply: number
  vat: number
  exempt: number
  tenders: TenderView[]
  note?: string
  clock_doubt: boolean
  refunds: string[]
  sent: boolean
}
export type SaleRow = {
  number: string
  at: string
  refund: boolean
  total: number
  tenders: string
  by: string
  title: string
  lines: number
  sent: boolean
}
export type DayReportView = {
  day: string
  open: boolean
  opened_at: string
  closed_at?: string
  float: number
  sales: number
  refunds: number
  total: number
  taxable: number
  vat: number
  exempt: number
  tenders: { [key: string]: number }
  expected: number
  counted: number
  difference: number
  note: string
  parked: number
  unknown: number
}
export type DriverView = {
  name: string
  kind: 'terminal' | 'printer' | 'scanner'
  title: string
  verified: boolean
  fields: FieldView[]
}
export type FieldView = {
  name: string
  default: string
  required: boolean
  choices: string[]
  secret: boolean
}
export type FoundView = {
  kind: 'terminal' | 'printer' | 'scanner'
  driver: string
  name: string
  settings: { [key: string]: string }
}
export type FaultView = {
  state: 'ok' | 'warn' | 'stop'
  code?: string
  at: string
}
export type AuditView = {
  at: string
  by: string
  act: string
  subject: string
  detail: string
}
export type ImportRowView = {
  row: number
  name: string
  action: 'new' | 'update' | 'same' | 'error'
  errors: ImportErrorView[]
  price: number
  code: string
}
export type ImportErrorView = {
  code: string
  column: string
  value: string
}
export type ImportView = {
  token: string
  new: number
  updated: number
  same: number
  bad: number
  rows: ImportRowView[]
}
export type PrintJobView = {
  id: number
  subject: string
  state: string
  code?: string
  at: string
}
export type AskView = {
  product: string
  name: string
  code: string
  prompts: PromptView[]
}
