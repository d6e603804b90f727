-- sale and sums follow behind: what a box sent is durable with its batch and
-- its mark, and is added to sale and sums a little later, for many shops at a
-- time in the order of their keys. What was stored until now is in them.

-- The batches of a box as a chain, the newest first: mark.batch is the last
-- one, batch.previous the one before it. 0 ends the chain, which goes back no
-- further than this step.
ALTER TABLE batch ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mark ADD COLUMN batch BIGINT NOT NULL DEFAULT 0;

-- Through which record sale and sums hold a box; moved in the transaction that
-- writes them. It is a table of its own so that the two transactions never
-- wait for the same row.
CREATE TABLE projection (
  tenant  TEXT NOT NULL,
  box     TEXT NOT NULL,
  through BIGINT NOT NULL,
  PRIMARY KEY (tenant, box)
--sqlite ) WITHOUT ROWID;
--postgres ) WITH (fillfactor = 50);
INSERT INTO projection (tenant, box, through) SELECT tenant, box, through FROM mark;
