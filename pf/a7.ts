foo(
  // matches quotes
  /"/,
  b);
