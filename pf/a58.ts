function f() { return function () { a; }() || b }
