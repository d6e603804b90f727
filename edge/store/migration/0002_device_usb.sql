-- What a USB device says of itself, by which it is known again in another
-- socket: drivers.USB as JSON, {} for one that is not on USB or was adopted
-- before this step.
ALTER TABLE device ADD COLUMN usb TEXT NOT NULL DEFAULT '{}';
