-- Whose key a certificate is for, and which hub a box is connected to.

-- The SHA-256 of the public key (its SubjectPublicKeyInfo) in hexadecimal: a
-- box that has still that key may have another certificate for it. Empty for
-- certificates from before this step; their boxes are claimed anew.
ALTER TABLE certificate ADD COLUMN public_key TEXT NOT NULL DEFAULT '';

-- The hub node whose broker holds the box's session, or held it last.
ALTER TABLE box_status ADD COLUMN hub TEXT NOT NULL DEFAULT '';
