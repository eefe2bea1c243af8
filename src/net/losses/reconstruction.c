/* reconstruction: the net gives its input again, through a waist that it does not fit through unless rows are like those it learned: the
 * mean over the numbers of a row of their squared differences. How wrong it is tells rows that are unlike them. */
#include "net/loss.h"

static const Field fields[] = {
    {REAL_FIELD(Reconstruction, quantile), .doc = "share of the training rows whose error is below the threshold", .def = "0.99",
     .min = 0.01, .max = 1, .soft_min = 0.9, .soft_max = 0.999},
    {.name = NULL},
};

extern const Loss loss_mean_squared_error;

static double reconstruction_pass(const LossPass *p)
{
    return loss_mean_squared_error.pass(p);
}

static const char *const notes[] = {
    "For target = \"input\", or a target of two classes whose positive one is to be told: split { where = ... } keeps it out of what is "
    "learned. A row is given the positive class from the error on below which that share of the training rows lies.",
    NULL};

extern const Loss loss_reconstruction;
const Loss loss_reconstruction = {
    .spec = {.name = "reconstruction",
             .doc = "squared error of the input given again; tells rows that are unlike",
             .group = "input",
             .params = fields,
             .params_size = sizeof(Reconstruction),
             .notes = notes},
    .takes_input = true,
    .pass = reconstruction_pass,
};
