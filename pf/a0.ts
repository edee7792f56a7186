const html = `
  <div class="${cx(a)}">
`;
