const s = `
 it's ${foo(1)} isn't
`;
