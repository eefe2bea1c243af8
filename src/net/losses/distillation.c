/* distillation: alpha * T^2 * KL(teacher at T || student at T) + (1 - alpha) * cross-entropy (Hinton, Vinyals, Dean 2015). The T^2
 * keeps the size of the soft gradient the same at every temperature. */
#include "net/loss.h"

typedef struct Distillation {
    double temperature, alpha;
} Distillation;

static const Field fields[] = {
    {REAL_FIELD(Distillation, temperature), .doc = "softens both softmaxes", .def = "4", .min = 0.1, .max = 100, .soft_min = 1,
     .soft_max = 20, .scale = SCALE_LOG},
    {REAL_FIELD(Distillation, alpha), .doc = "share of the teacher; the rest is the label's", .def = "0.7", .min = 0, .max = 1,
     .soft_min = 0.1, .soft_max = 0.9},
    {.name = NULL},
};

/* Adds the gradient of the soft part of one row; returns T^2 times its divergence. soft holds 2 * width floats. */
static double soften(const LossPass *p, size_t r, float scale, float *g)
{
    const Distillation *d = p->params;
    const float *x = p->outputs + r * p->width, *z = p->teacher + r * p->width;
    float *student = p->scratch, *teacher = p->scratch + p->width;
    double t = d->temperature, log_student = loss_softmax(x, student, p->width, t), log_teacher = loss_softmax(z, teacher, p->width, t);
    double divergence = 0;
    for (size_t j = 0; j < p->width; j++) {
        divergence += (double)teacher[j] * (((double)z[j] - (double)x[j]) / t - log_teacher + log_student);
        g[j] += (float)(d->alpha * t) * (student[j] - teacher[j]) * scale;
    }
    return t * t * divergence;
}

static double distillation_pass(const LossPass *p)
{
    const Distillation *d = p->params;
    double total = 0;
    for (size_t r = 0; r < p->rows; r++) {
        const float *x = p->outputs + r * p->width;
        float *g = p->gradient + r * p->width, scale = (float)(loss_weight(p, r) * p->scale), hard = (float)(1 - d->alpha);
        double log_sum = loss_softmax(x, g, p->width, 1);
        size_t label = (size_t)p->labels[r];
        g[label] -= 1;
        for (size_t j = 0; j < p->width; j++)
            g[j] *= hard * scale;
        double label_part = loss_weight(p, r) * (log_sum - (double)x[label]), teacher_part = loss_weight(p, r) * soften(p, r, scale, g);
        total += d->alpha * teacher_part + (1 - d->alpha) * label_part;
        if (p->parts) {
            p->parts[LOSS_HARD] += label_part;
            p->parts[LOSS_SOFT] += teacher_part;
        }
    }
    return total;
}

extern const Loss loss_distillation;
const Loss loss_distillation = {
    .spec = {.name = "distillation",
             .doc = "learn from a teacher's softened outputs and the labels",
             .group = "classes",
             .params = fields,
             .params_size = sizeof(Distillation)},
    .takes_classes = true,
    .takes_teacher = true,
    .pass = distillation_pass,
};
