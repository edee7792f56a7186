function g() { a = 1; async function b() {} }
