/* A sample for the linter. */
#include "base/fine.h"

#define BRACE() {
const Step one_hot_step = {
    .effect = 0,
};
static const int numbers[2] = {1, 2};

int five(int a, int b, int c, int d, int e, Error *error)
{
    Fine f = {0};
    f.free(&f);
    if (a) {
        for (int i = 0; i < (Fine){1}.free; i++) {
            while (b) {
                b = (int[]){c, d, e, '{'}[0];
            }
        }
    }
    return numbers[0] + f.read(error);
}
