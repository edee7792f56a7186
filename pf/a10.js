foo(
  // comment
  <div>don't</div>, b);
