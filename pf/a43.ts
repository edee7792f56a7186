const a = x ? `;` : 1, c = 2;
