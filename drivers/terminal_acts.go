package drivers

// AnyCurrency, as the setting "currency" of a terminal that has one, takes
// whatever currency the terminal works in. It is for trying a terminal by
// hand; a shop's till must not use it, for its amounts are won.
const AnyCurrency = "any"
