if (c) { a = 1; async function b() {} }
