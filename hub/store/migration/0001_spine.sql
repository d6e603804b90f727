-- The spine: who, where, and what came from the boxes.
--
-- Lines that begin with --sqlite or --postgres are for that engine alone.
-- Times are unix milliseconds, days integers like 20261123, amounts won.
--
-- Facts lead every key with the tenant, so that they can be split by tenant.
-- tenant, account, session, claim, box and certificate are the directory: small,
-- looked up by what a stranger presents, and not split.
--
-- On the hot path a batch is one append to batch, a row of sale for each sale,
-- one part of sums and one mark, beside the other rows of the same shop.

CREATE TABLE tenant (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  business_number TEXT NOT NULL UNIQUE,
  reseller        TEXT NOT NULL,
  created_at      BIGINT NOT NULL
);

CREATE TABLE account (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL,
  role          TEXT NOT NULL,
  tenant        TEXT REFERENCES tenant (id),
  password_hash TEXT NOT NULL,
  created_at    BIGINT NOT NULL
);

CREATE TABLE session (
  hash       TEXT PRIMARY KEY,
  account    TEXT NOT NULL REFERENCES account (id),
  csrf       TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE shop (
  tenant          TEXT NOT NULL REFERENCES tenant (id),
  id              TEXT NOT NULL,
  name            TEXT NOT NULL,
  kind            TEXT NOT NULL,
  business_number TEXT NOT NULL,
  representative  TEXT NOT NULL,
  address         TEXT NOT NULL,
  phone           TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE claim (
  hash       TEXT PRIMARY KEY,
  tenant     TEXT NOT NULL,
  shop       TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT,
  FOREIGN KEY (tenant, shop) REFERENCES shop (tenant, id)
);

CREATE TABLE box (
  id          TEXT PRIMARY KEY,
  tenant      TEXT NOT NULL,
  shop        TEXT NOT NULL,
  state       TEXT NOT NULL,
  claimed_at  BIGINT NOT NULL,
  replaced_at BIGINT,
  replaced_by TEXT,
  FOREIGN KEY (tenant, shop) REFERENCES shop (tenant, id)
);
CREATE INDEX box_shop ON box (tenant, shop);

CREATE TABLE certificate (
  serial     TEXT PRIMARY KEY,
  box        TEXT NOT NULL REFERENCES box (id),
  not_before BIGINT NOT NULL,
  not_after  BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX certificate_box ON certificate (box);

-- How a box is, by its own word and by its line.
CREATE TABLE box_status (
  tenant        TEXT NOT NULL,
  box           TEXT NOT NULL,
  version       TEXT NOT NULL,
  connected     BIGINT NOT NULL,
  seen_at       BIGINT,
  unsent        BIGINT NOT NULL,
  oldest_unsent BIGINT,
  started_at    BIGINT,
  PRIMARY KEY (tenant, box)
);

-- Through which record the hub holds a box.
CREATE TABLE mark (
  tenant  TEXT NOT NULL,
  box     TEXT NOT NULL,
  through BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (tenant, box)
--sqlite ) WITHOUT ROWID;
--postgres ) WITH (fillfactor = 50);

-- Batches as they came; records first to last of them count.
CREATE TABLE batch (
--sqlite   id          INTEGER PRIMARY KEY,
--postgres   id          BIGINT NOT NULL,
  tenant      TEXT NOT NULL,
  shop        TEXT NOT NULL,
  box         TEXT NOT NULL,
  first       BIGINT NOT NULL,
  last        BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  payload     BYTEA NOT NULL
--postgres   , PRIMARY KEY (tenant, id)
);
--postgres CREATE SEQUENCE batch_id;
--postgres ALTER TABLE batch ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE TABLE sale (
  tenant   TEXT NOT NULL,
  shop     TEXT NOT NULL,
  day      BIGINT NOT NULL,
  number   TEXT NOT NULL,
  batch    BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  total    BIGINT NOT NULL,
  original TEXT,
  PRIMARY KEY (tenant, shop, day, number, batch, sequence)
--sqlite ) WITHOUT ROWID;
--postgres );
CREATE INDEX sale_original ON sale (tenant, shop, original) WHERE original IS NOT NULL;

-- Sums by hour, tender and product of a shop's day, as parts that add up.
-- Part 0 is what was folded; the others are numbered by their first batch.
CREATE TABLE sums (
  tenant  TEXT NOT NULL,
  shop    TEXT NOT NULL,
  day     BIGINT NOT NULL,
  part    BIGINT NOT NULL,
  payload BYTEA NOT NULL,
  PRIMARY KEY (tenant, shop, day, part)
--sqlite ) WITHOUT ROWID;
--postgres );

-- Records that could not be read, as they came.
CREATE TABLE poison (
  tenant   TEXT NOT NULL,
  shop     TEXT NOT NULL,
  box      TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  code     TEXT NOT NULL,
  raw      BYTEA NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (tenant, box, sequence)
);

CREATE TABLE business_day (
  tenant     TEXT NOT NULL,
  shop       TEXT NOT NULL,
  day        BIGINT NOT NULL,
  opened_at  BIGINT,
  closed_at  BIGINT,
  difference BIGINT NOT NULL,
  PRIMARY KEY (tenant, shop, day)
);

CREATE TABLE device (
  tenant TEXT NOT NULL,
  shop   TEXT NOT NULL,
  box    TEXT NOT NULL,
  id     TEXT NOT NULL,
  kind   TEXT NOT NULL,
  driver TEXT NOT NULL,
  name   TEXT NOT NULL,
  state  TEXT NOT NULL,
  code   TEXT NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (tenant, box, id)
);
CREATE INDEX device_not_ok ON device (tenant) WHERE state <> 'ok';
