-- Receipt numbers of a date that this box did not give out: those of the box it
-- took over from, or of a later copy of this database.

ALTER TABLE number ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
