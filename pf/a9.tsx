function f() { return (
  // a comment
  <div>don't</div>
) }
