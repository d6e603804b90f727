-- What each printer is for, and where the slips of a category go.

-- Role is receipt or kitchen, empty for receipt. Backup is the printer that
-- takes over. Drawer says how the sensor of the cash drawer shows that it is
-- open: high or low; empty while nobody taught it.
ALTER TABLE device ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN backup TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN drawer TEXT NOT NULL DEFAULT '';

-- The printer where goods of the category are prepared; empty for none.
ALTER TABLE category ADD COLUMN printer TEXT NOT NULL DEFAULT '';
