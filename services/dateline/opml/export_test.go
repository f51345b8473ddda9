package opml

// ReadAtMost is Read with a bound of its own.
var ReadAtMost = readAtMost
