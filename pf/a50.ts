let a = x as unique  symbol
