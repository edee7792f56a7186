x = a
  ? b
  : c;
