class A { async *foo() {} }
