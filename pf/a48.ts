type A = { a: number, c: string }
