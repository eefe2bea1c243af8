/* Losses against torch, with row weights; what they refuse; and finite differences at other settings than the usual ones. */
#include "net/gradient.h"
#include "tests/unit/net_help.h"

enum { ROWS = 4, MOST = 3 };

/* torch 1.13.0, float64:
 *   x = torch.tensor([[0.5,-1.25,2.0],[0.25,0.75,-0.5],[3.0,-2.0,1.0],[-0.75,1.5,0.0]], dtype=torch.float64, requires_grad=True)
 *   label = torch.tensor([2,0,1,1]); w = torch.tensor([1,0.5,2,1], dtype=torch.float64)
 *   v = torch.tensor([[0.25,-1.0,1.0],[0.5,-0.75,-0.75],[1.0,-2.25,2.5],[-1.0,0.25,0.5]], dtype=torch.float64)
 *   def put(name, per_row, x=x):
 *       loss = (w * per_row).sum() / 4
 *       g, = torch.autograd.grad(loss, x)
 *       print(name, "%.9f" % loss.item(), ["%.9f" % t for t in g.flatten().tolist()])
 *   put("cross_entropy", F.cross_entropy(x, label, reduction="none"))
 *   put("cross_entropy s=0.1", F.cross_entropy(x, label, reduction="none", label_smoothing=0.1))
 *   x2 = x[:, :2].detach().requires_grad_(True); y2 = torch.tensor([1,0,1,1], dtype=torch.float64)
 *   put("bce", F.binary_cross_entropy_with_logits(x2[:,1]-x2[:,0], y2, reduction="none"), x2)
 *   put("bce s=0.2", F.cross_entropy(x2, y2.long(), reduction="none", label_smoothing=0.2), x2)
 *   p = torch.softmax(x, 1)[torch.arange(4), label]
 *   put("focal 2", -(1-p)**2 * p.log())
 *   p2 = torch.sigmoid(x2[:,1]-x2[:,0]); pt = torch.where(y2 == 1, p2, 1-p2); at = torch.where(y2 == 1, torch.tensor(0.25,
 * dtype=torch.float64), torch.tensor(0.75, dtype=torch.float64)) put("focal 1.5 0.25", -at*(1-pt)**1.5 * pt.log(), x2) put("mse",
 * F.mse_loss(x, v, reduction="none").mean(1)) put("mae", F.l1_loss(x, v, reduction="none").mean(1)) put("huber 0.6", F.huber_loss(x, v,
 * reduction="none", delta=0.6).mean(1)) q = torch.tensor([0.1,0.5,0.9], dtype=torch.float64) d = v - x put("quantile", torch.maximum(q*d,
 * (q-1)*d).mean(1)) print(torch.__version__) The rows of each x are those below; two classes take its first two columns. */
static const double x[ROWS][MOST] = {{0.5, -1.25, 2.0}, {0.25, 0.75, -0.5}, {3.0, -2.0, 1.0}, {-0.75, 1.5, 0.0}};
static const float values[ROWS * MOST] = {0.25F, -1, 1, 0.5F, -0.75F, -0.75F, 1, -2.25F, 2.5F, -1, 0.25F, 0.5F};
static const float weights[ROWS] = {1, 0.5F, 2, 1};
static const int32_t labels[2][ROWS] = {{1, 0, 1, 1}, {2, 0, 1, 1}}; /* of two classes, of three */

static const struct {
    const char *loss;
    size_t width;
    double value, gradient[ROWS * MOST];
} cases[] = {
    {"{\"loss\":\"cross_entropy\"}",
     3,
     2.837868964,
     {0.044205046, 0.007681685, -0.051886731, -0.084949861, 0.066031515, 0.018918346, 0.437800298, -0.497050125, 0.059249827, 0.019833815,
      -0.061822002, 0.041988187}},
    {"{\"loss\":\"cross_entropy\",\"label_smoothing\":0.1}",
     3,
     2.776410631,
     {0.035871712, -0.000651648, -0.035220064, -0.076616528, 0.061864849, 0.014751679, 0.421133631, -0.463716791, 0.042583161, 0.011500482,
      -0.045155335, 0.033654854}},
    {"{\"loss\":\"binary_cross_entropy\"}",
     2,
     3.127724975,
     {0.212988200, -0.212988200, -0.077807416, 0.077807416, 0.496653575, -0.496653575, 0.023837366, -0.023837366}},
    {"{\"loss\":\"binary_cross_entropy\",\"label_smoothing\":0.2}",
     2,
     2.883974975,
     {0.187988200, -0.187988200, -0.065307416, 0.065307416, 0.446653575, -0.446653575, -0.001162634, 0.001162634}},
    {"{\"loss\":\"cross_entropy\"}",
     2,
     3.127724975,
     {0.212988200, -0.212988200, -0.077807416, 0.077807416, 0.496653575, -0.496653575, 0.023837366, -0.023837366}},
    {"{\"loss\":\"focal\"}",
     3,
     2.608786696,
     {0.005286701, 0.000918691, -0.006205391, -0.081341159, 0.063226472, 0.018114687, 0.459008657, -0.521128724, 0.062120067, 0.003310343,
      -0.010318340, 0.007007997}},
    {"{\"loss\":\"focal\",\"gamma\":0}",
     3,
     2.837868964,
     {0.044205046, 0.007681685, -0.051886731, -0.084949861, 0.066031515, 0.018918346, 0.437800298, -0.497050125, 0.059249827, 0.019833815,
      -0.061822002, 0.041988187}},
    {"{\"loss\":\"focal\",\"gamma\":1.5,\"alpha\":0.25}",
     2,
     0.758481271,
     {0.062720238, -0.062720238, -0.054055399, 0.054055399, 0.129138975, -0.129138975, 0.000425681, -0.000425681}},
    {"{\"loss\":\"mean_squared_error\"}",
     3,
     1.401041667,
     {0.041666667, -0.041666667, 0.166666667, -0.020833333, 0.125000000, 0.020833333, 0.666666667, 0.083333333, -0.500000000, 0.041666667,
      0.208333333, -0.083333333}},
    {"{\"loss\":\"mean_absolute_error\"}",
     3,
     1.000000000,
     {0.083333333, -0.083333333, 0.083333333, -0.041666667, 0.041666667, 0.041666667, 0.166666667, 0.166666667, -0.166666667, 0.083333333,
      0.083333333, -0.083333333}},
    {"{\"loss\":\"huber\",\"delta\":0.6}",
     3,
     0.428541667,
     {0.020833333, -0.020833333, 0.050000000, -0.010416667, 0.025000000, 0.010416667, 0.100000000, 0.041666667, -0.100000000, 0.020833333,
      0.050000000, -0.041666667}},
    {"{\"loss\":\"quantile\",\"q\":[0.1,0.5,0.9]}",
     3,
     0.725000000,
     {0.075000000, -0.041666667, 0.008333333, -0.004166667, 0.020833333, 0.004166667, 0.150000000, 0.083333333, -0.150000000, 0.075000000,
      0.041666667, -0.075000000}},
};

static void check_reference(void)
{
    TEST("values and gradients are torch's");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float outputs[ROWS * MOST], gradient[ROWS * MOST], scratch[2 * MOST];
        size_t width = cases[i].width;
        SpecUse use = net_use("loss", cases[i].loss);
        for (size_t k = 0; k < ROWS * width; k++)
            outputs[k] = (float)x[k / width][k % width];
        LossPass p = {.params = use.params,
                      .outputs = outputs,
                      .rows = ROWS,
                      .width = width,
                      .labels = labels[width - 2],
                      .positive = 1,
                      .values = values,
                      .weights = weights,
                      .scale = 1.0 / ROWS,
                      .gradient = gradient,
                      .scratch = scratch};
        double value = ((const Loss *)use.spec)->pass(&p) / ROWS;
        test_check(fabs(value - cases[i].value) < 1e-6, __FILE__, __LINE__, "%s: %.9f, expected %.9f", cases[i].loss, value,
                   cases[i].value);
        for (size_t k = 0; k < ROWS * width; k++)
            test_check(fabs((double)gradient[k] - cases[i].gradient[k]) < 1e-6, __FILE__, __LINE__,
                       "%s: gradient %zu is %.9f, expected %.9f", cases[i].loss, k, (double)gradient[k], cases[i].gradient[k]);
        spec_use_done(&use);
    }
}

static void check_differences(void)
{
    TEST("gradients are slopes at any settings");
    static const char *const settings[] = {
        "{\"loss\":\"cross_entropy\",\"label_smoothing\":0.3}",
        "{\"loss\":\"binary_cross_entropy\",\"label_smoothing\":0.3}",
        "{\"loss\":\"focal\",\"gamma\":0.5}",
        "{\"loss\":\"focal\",\"gamma\":5}",
        "{\"loss\":\"huber\",\"delta\":0.3}",
        "{\"loss\":\"huber\",\"delta\":100}",
        "{\"loss\":\"quantile\",\"q\":[0.05,0.95]}",
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        Error e = {0};
        double worst = 1;
        SpecUse use = net_use("loss", settings[i]);
        Value *v = fields_to_value(use.spec->params, use.params, true);
        CHECK_OK(gradient_check_loss((const Loss *)use.spec, v, &worst, &e), e);
        test_check(worst < 1e-4, __FILE__, __LINE__, "%s: %g", settings[i], worst);
        value_free(v);
        spec_use_done(&use);
    }
}

/* Far outputs: values stay finite, and a row that is right by far costs nothing. */
static void check_far(void)
{
    TEST("outputs far apart give finite values and gradients");
    static const char *const losses[] = {"{\"loss\":\"cross_entropy\"}", "{\"loss\":\"binary_cross_entropy\"}",
                                         "{\"loss\":\"focal\",\"gamma\":0.5}"};
    static const float outputs[4] = {-1e4F, 1e4F, -1e4F, 1e4F};
    static const int32_t far[2] = {1, 0};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        float gradient[4], scratch[4];
        SpecUse use = net_use("loss", losses[i]);
        LossPass p = {.params = use.params,
                      .outputs = outputs,
                      .rows = 2,
                      .width = 2,
                      .labels = far,
                      .positive = -1,
                      .scale = 1,
                      .gradient = gradient,
                      .scratch = scratch};
        double value = ((const Loss *)use.spec)->pass(&p);
        test_check(fabs(value - 2e4) < 1, __FILE__, __LINE__, "%s: %g", losses[i], value);
        for (int k = 0; k < 4; k++)
            test_check(fabs((double)gradient[k] - (k < 2    ? 0
                                                   : k == 2 ? -1
                                                            : 1)) < 1e-6,
                       __FILE__, __LINE__, "%s: gradient %d is %g", losses[i], k, (double)gradient[k]);
        spec_use_done(&use);
    }
}

static const struct {
    const char *loss;
    int64_t outputs;
    int positive;
    const char *says;
} refused[] = {
    {"{\"loss\":\"binary_cross_entropy\"}", 3, -1, "loss binary_cross_entropy is for 2 classes, but the target has 3"},
    {"{\"loss\":\"focal\",\"alpha\":0.3}", 3, -1, "alpha weighs the positive of two classes"},
    {"{\"loss\":\"huber\"}", 2, 0, "loss huber is for numbers, but the target has classes"},
    {"{\"loss\":\"quantile\",\"q\":[0.9,0.1]}", 0, -1, "0.9 stands before 0.1 in q; give them rising"},
    {"{\"loss\":\"quantile\",\"q\":[]}", 0, -1, "q is empty"},
    {"{\"loss\":\"focal\"}", 0, -1, "loss focal is for classes, but the target has numbers"},
};

static void check_refused(void)
{
    TEST("a loss says what it cannot learn");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        Error e = {0};
        bool classes = refused[i].outputs > 0;
        Model *m = net_model("[]", shape_vector(2), classes ? refused[i].outputs : 2, 1);
        SpecUse use = net_use("loss", refused[i].loss);
        TrainerPlan plan = {.loss = use, .batch = 4, .threads = 1, .classes = classes, .positive = refused[i].positive};
        Trainer *t = trainer_new(m, &plan, &e);
        test_check(!t && strstr(e.message, refused[i].says), __FILE__, __LINE__, "%s: %s", refused[i].loss, e.message);
        trainer_free(t);
        model_free(m);
        spec_use_done(&use);
    }
}

void unit_losses(void);
void unit_losses(void)
{
    net_register();
    check_reference();
    check_differences();
    check_far();
    check_refused();
}
