// Package api serves the shop's screens over HTTP: one file per resource, one
// snapshot of the whole counter over server-sent events. edge/app starts it.
//
// What always holds: the box works out every won, screens only show it; every
// answer that is not a success is problem+json with a stable code; every act
// that needs a right checks it here, by the person signed in on that screen.
package api
