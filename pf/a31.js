class A { static get b() {} }
