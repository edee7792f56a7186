foo(total // the sum;
  / count, b);
