/* A sample for the linter. */
int deep(int a)
{
    if (a > 1) {
        for (int i = 0; i < a; i++) {
            while (a > i) {
                if (a == 7) {
                    a--;
                }
            }
        }
    }
    return a;
}
