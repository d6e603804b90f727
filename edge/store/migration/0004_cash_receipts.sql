-- Cash receipts (현금영수증) that were issued. A sale has at most one that holds;
-- cancel_due says that cash it is over went back to the customer.

CREATE TABLE cash_receipt (
	attempt    TEXT PRIMARY KEY REFERENCES payment_attempt (id),
	number     TEXT NOT NULL REFERENCES sale (number),
	amount     INTEGER NOT NULL,
	cancelled  TEXT REFERENCES payment_attempt (id),
	cancel_due INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX cash_receipt_holds ON cash_receipt (number) WHERE cancelled IS NULL;
CREATE INDEX cash_receipt_of ON cash_receipt (number);
CREATE INDEX cash_receipt_due ON cash_receipt (attempt) WHERE cancel_due = 1 AND cancelled IS NULL;
