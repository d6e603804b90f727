-- A business day may be closed and opened again on the same date, so a day is
-- kept as parts. They are counted per shop in the order the box recorded them:
-- the last is how the shop stands, whatever date a wrong clock gave an
-- earlier one.
CREATE TABLE day_part (
  tenant     TEXT NOT NULL,
  shop       TEXT NOT NULL,
  part       BIGINT NOT NULL,
  day        BIGINT NOT NULL,
  opened_at  BIGINT,
  closed_at  BIGINT,
  difference BIGINT NOT NULL,
  PRIMARY KEY (tenant, shop, part)
);
INSERT INTO day_part (tenant, shop, part, day, opened_at, closed_at, difference)
  SELECT tenant, shop, ROW_NUMBER() OVER (PARTITION BY tenant, shop ORDER BY day), day, opened_at, closed_at, difference
  FROM business_day;
DROP TABLE business_day;
CREATE INDEX day_part_difference ON day_part (tenant, closed_at) WHERE difference <> 0;
