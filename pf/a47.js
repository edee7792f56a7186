foo(a</x'/, b);
