// check quotes
/"/.test(x) && foo("a");
