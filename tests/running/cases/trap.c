static int divide(int a, int b) {
  if (b == 0)
    __builtin_trap();
  return a / b;
}

__attribute__((noinline)) int work(int n) {
  int sum = 0;
  for (int i = n; i >= 0; i--)
    sum += divide(n, i);
  return sum;
}

void _start(void) {
  volatile int n = 3;
  work(n);
}
