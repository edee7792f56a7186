x = a?b:c;
