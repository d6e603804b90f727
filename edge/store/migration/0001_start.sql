-- The box's memory. Times are unix milliseconds, money is whole won,
-- quantities are thousandths. What the shop did (sale, tender, movement,
-- journal, payment_event, audit, outbox) is only ever appended to.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shop (
	one             INTEGER PRIMARY KEY CHECK (one = 1),
	name            TEXT NOT NULL,
	business_number TEXT NOT NULL,
	representative  TEXT NOT NULL,
	address         TEXT NOT NULL,
	phone           TEXT NOT NULL,
	kind            TEXT NOT NULL,
	settings        TEXT NOT NULL
) STRICT;

-- People.

CREATE TABLE person (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	role     TEXT NOT NULL,
	pin_hash TEXT NOT NULL,
	active   INTEGER NOT NULL,
	failed   INTEGER NOT NULL DEFAULT 0,
	tried_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE session (
	id     TEXT PRIMARY KEY,
	person TEXT NOT NULL REFERENCES person (id),
	since  INTEGER NOT NULL,
	seen   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	id      INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL,
	person  TEXT NOT NULL,
	name    TEXT NOT NULL,
	act     TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail  TEXT NOT NULL
) STRICT;

-- Goods.

CREATE TABLE category (
	id    TEXT PRIMARY KEY,
	name  TEXT NOT NULL,
	place INTEGER NOT NULL,
	color TEXT NOT NULL
) STRICT;

CREATE TABLE product (
	id           TEXT PRIMARY KEY,
	name         TEXT NOT NULL,
	search       TEXT NOT NULL,
	category     TEXT NOT NULL,
	price        INTEGER NOT NULL,
	cost         INTEGER,
	vat          TEXT NOT NULL,
	by_weight    INTEGER NOT NULL,
	unit         TEXT NOT NULL,
	prompts      TEXT NOT NULL,
	barcodes     TEXT NOT NULL,
	key_category TEXT,
	key_slot     INTEGER,
	archived     INTEGER NOT NULL,
	track_stock  INTEGER NOT NULL
) STRICT;

-- All that a search looks at, so that it reads no more than this index.
CREATE INDEX product_by_name ON product (archived, name, search, category);
CREATE UNIQUE INDEX product_key ON product (key_category, key_slot) WHERE key_slot IS NOT NULL;

CREATE TABLE barcode (
	code    TEXT PRIMARY KEY,
	product TEXT NOT NULL REFERENCES product (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX barcode_of ON barcode (product);

CREATE TABLE stock (
	product TEXT PRIMARY KEY REFERENCES product (id),
	level   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE movement (
	id       INTEGER PRIMARY KEY,
	at       INTEGER NOT NULL,
	product  TEXT NOT NULL REFERENCES product (id),
	quantity INTEGER NOT NULL,
	reason   TEXT NOT NULL,
	ref      TEXT NOT NULL,
	note     TEXT NOT NULL,
	person   TEXT NOT NULL
) STRICT;

CREATE INDEX movement_of ON movement (product, id);

-- Days, and what they come to, kept up with every sale.

CREATE TABLE business_day (
	id           INTEGER PRIMARY KEY,
	day          TEXT NOT NULL,
	part         INTEGER NOT NULL,
	opened_at    INTEGER NOT NULL,
	opened_by    TEXT NOT NULL,
	opened_name  TEXT NOT NULL,
	cash_float   INTEGER NOT NULL,
	closed_at    INTEGER,
	closed_by    TEXT NOT NULL DEFAULT '',
	closed_name  TEXT NOT NULL DEFAULT '',
	sales        INTEGER NOT NULL DEFAULT 0,
	refunds      INTEGER NOT NULL DEFAULT 0,
	sold         INTEGER NOT NULL DEFAULT 0,
	given_back   INTEGER NOT NULL DEFAULT 0,
	supply       INTEGER NOT NULL DEFAULT 0,
	vat          INTEGER NOT NULL DEFAULT 0,
	exempt       INTEGER NOT NULL DEFAULT 0,
	counted      INTEGER NOT NULL DEFAULT 0,
	note         TEXT NOT NULL DEFAULT '',
	first_number TEXT NOT NULL DEFAULT '',
	last_number  TEXT NOT NULL DEFAULT '',
	UNIQUE (day, part)
) STRICT;

CREATE UNIQUE INDEX business_day_open ON business_day ((1)) WHERE closed_at IS NULL;

CREATE TABLE day_tender (
	day   INTEGER NOT NULL REFERENCES business_day (id),
	kind  TEXT NOT NULL,
	count INTEGER NOT NULL,
	sum   INTEGER NOT NULL,
	PRIMARY KEY (day, kind)
) STRICT, WITHOUT ROWID;

-- The last receipt number of each date.
CREATE TABLE number (
	day  TEXT PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Carts.

CREATE TABLE cart (
	id      TEXT PRIMARY KEY,
	open    INTEGER NOT NULL,
	version INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	person  TEXT NOT NULL,
	name    TEXT NOT NULL,
	content TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX cart_open ON cart (open) WHERE open = 1;

CREATE TABLE answer (
	id     INTEGER PRIMARY KEY,
	key    TEXT NOT NULL UNIQUE,
	at     INTEGER NOT NULL,
	what   TEXT NOT NULL,
	answer TEXT NOT NULL
) STRICT;

-- Payments over a terminal.

CREATE TABLE payment_attempt (
	id       TEXT PRIMARY KEY,
	key      TEXT UNIQUE,
	cart     TEXT NOT NULL,
	purpose  TEXT NOT NULL,
	terminal TEXT NOT NULL,
	amount   INTEGER NOT NULL,
	state    TEXT NOT NULL,
	began    INTEGER NOT NULL,
	ended    INTEGER NOT NULL,
	content  TEXT NOT NULL
) STRICT;

CREATE INDEX payment_attempt_open ON payment_attempt (began) WHERE ended = 0;

CREATE TABLE payment_event (
	id      INTEGER PRIMARY KEY,
	attempt TEXT NOT NULL REFERENCES payment_attempt (id),
	at      INTEGER NOT NULL,
	event   TEXT NOT NULL,
	state   TEXT NOT NULL,
	detail  TEXT NOT NULL,
	content TEXT NOT NULL
) STRICT;

CREATE INDEX payment_event_of ON payment_event (attempt, id);

-- Sales and refunds.

CREATE TABLE sale (
	id          INTEGER PRIMARY KEY,
	cart        TEXT NOT NULL UNIQUE,
	number      TEXT NOT NULL UNIQUE,
	kind        TEXT NOT NULL,
	day         TEXT NOT NULL,
	day_id      INTEGER NOT NULL REFERENCES business_day (id),
	at          INTEGER NOT NULL,
	clock_doubt INTEGER NOT NULL,
	person      TEXT NOT NULL,
	name        TEXT NOT NULL,
	total       INTEGER NOT NULL,
	supply      INTEGER NOT NULL,
	vat         INTEGER NOT NULL,
	exempt      INTEGER NOT NULL,
	note        TEXT NOT NULL,
	original    TEXT NOT NULL,
	reason      TEXT NOT NULL,
	title       TEXT NOT NULL,
	lines       INTEGER NOT NULL,
	tenders     TEXT NOT NULL,
	sequence    INTEGER NOT NULL,
	CHECK (supply + vat + exempt = total)
) STRICT;

CREATE INDEX sale_by_day ON sale (day, id);
CREATE INDEX sale_refunds ON sale (original) WHERE original <> '';

CREATE TABLE sale_line (
	id        INTEGER PRIMARY KEY,
	sale      INTEGER NOT NULL REFERENCES sale (id),
	line      TEXT NOT NULL,
	product   TEXT NOT NULL,
	name      TEXT NOT NULL,
	category  TEXT NOT NULL,
	barcode   TEXT NOT NULL,
	vat       TEXT NOT NULL,
	list      INTEGER NOT NULL,
	cost      INTEGER,
	by_weight INTEGER NOT NULL,
	single    INTEGER NOT NULL,
	quantity  INTEGER NOT NULL,
	unit      INTEGER NOT NULL,
	discount  INTEGER NOT NULL,
	amount    INTEGER NOT NULL,
	note      TEXT NOT NULL,
	of_line   TEXT NOT NULL
) STRICT;

CREATE INDEX sale_line_of ON sale_line (sale, id);

CREATE TABLE tender (
	id       INTEGER PRIMARY KEY,
	sale     INTEGER NOT NULL REFERENCES sale (id),
	kind     TEXT NOT NULL,
	amount   INTEGER NOT NULL,
	received INTEGER NOT NULL,
	change   INTEGER NOT NULL,
	attempt  TEXT NOT NULL,
	slip     TEXT NOT NULL
) STRICT;

CREATE INDEX tender_of ON tender (sale, id);

-- The books. An entry's lines sum to zero.

CREATE TABLE journal_entry (
	id   INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	day  TEXT NOT NULL,
	kind TEXT NOT NULL,
	ref  TEXT NOT NULL
) STRICT;

CREATE TABLE journal_line (
	id      INTEGER PRIMARY KEY,
	entry   INTEGER NOT NULL REFERENCES journal_entry (id),
	account TEXT NOT NULL,
	party   TEXT NOT NULL,
	exempt  INTEGER NOT NULL,
	amount  INTEGER NOT NULL
) STRICT;

CREATE INDEX journal_line_of ON journal_line (entry);

-- What the hub is to be told. The sequence is the row's number; rows leave in
-- order and never the last one, so there is no gap and no number twice.

CREATE TABLE outbox (
	sequence INTEGER PRIMARY KEY,
	type     TEXT NOT NULL,
	at       INTEGER NOT NULL,
	data     BLOB NOT NULL,
	acked_at INTEGER
) STRICT;

-- Paper.

CREATE TABLE print_job (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL,
	number   TEXT NOT NULL,
	copy     INTEGER NOT NULL,
	printer  TEXT NOT NULL,
	state    TEXT NOT NULL,
	code     TEXT NOT NULL,
	tries    INTEGER NOT NULL,
	made     INTEGER NOT NULL,
	changed  INTEGER NOT NULL,
	document TEXT NOT NULL
) STRICT;

CREATE INDEX print_job_waiting ON print_job (state, id) WHERE state IN ('queued', 'printing', 'unknown');
CREATE INDEX print_job_of ON print_job (number, id);

-- Devices.

CREATE TABLE device (
	id       TEXT PRIMARY KEY,
	driver   TEXT NOT NULL,
	name     TEXT NOT NULL,
	settings TEXT NOT NULL
) STRICT;

CREATE TABLE device_event (
	id     INTEGER PRIMARY KEY,
	device TEXT NOT NULL,
	at     INTEGER NOT NULL,
	state  TEXT NOT NULL,
	code   TEXT NOT NULL
) STRICT;

CREATE INDEX device_event_of ON device_event (device, id);
