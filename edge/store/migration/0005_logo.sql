-- The picture at the head of receipts, a PNG file. It lies apart from the shop's
-- particulars, which every scan reads.

CREATE TABLE logo (
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	picture BLOB NOT NULL
) STRICT;
