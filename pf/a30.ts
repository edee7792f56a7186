// cfoo(1);
