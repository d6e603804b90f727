// Package protocol is what box and hub agree on: the records a box writes, the
// envelope and the batch they travel in, the topics, and the acknowledgement.
// edge/uplink and hub/ingest call it.
//
// What always holds:
//
//   - A record is written once and never changed. Its sequence number is
//     counted per box from 1 without gaps; box and sequence name it for ever.
//   - Fields are only ever added. A reader ignores fields it does not know and
//     keeps records whose type it does not know. Box and hub work together
//     across two releases in both directions; the goldens in testdata, never
//     edited after a release, prove it.
//   - Amounts are whole won, quantities thousandths, times RFC 3339 with the
//     offset the shop saw.
//   - Only the hub's Ack clears a record from a box. An MQTT PUBACK means
//     nothing.
package protocol
