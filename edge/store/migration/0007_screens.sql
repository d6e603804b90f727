-- Browsers that face the customer.

CREATE TABLE screen (
	id     TEXT PRIMARY KEY,
	secret TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,
	at     INTEGER NOT NULL,
	by     TEXT NOT NULL
) STRICT;
