if (a) { return 1; } else { foo(); }
