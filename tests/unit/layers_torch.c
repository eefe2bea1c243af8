/* Layers against torch: values of activations, and sums over all outputs and gradients of layers with places, channels and weights. */
#include <math.h>

#include "net/layers/elementwise.h"
#include "tests/unit/layer_help.h"

/* torch 1.13: x as below; y = f(x); y.backward(torch.ones(16)). */
enum { POINTS = 16 };
static const float points[POINTS] = {-100, -20, -5, -3, -1.5F, -0.3F, -1e-3F, 0, 1e-3F, 0.4F, 1, 2.5F, 3, 6, 20, 100};
static const struct {
    const char *layer, *settings;
    float y[POINTS], dx[POINTS];
} activations[] = {
    {"relu", "{}", {0, 0, 0, 0, 0, 0, 0, 0, 0.001F, 0.40000001F, 1, 2.5F, 3, 6, 20, 100}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"leaky_relu",
     "{}",
     {-1, -0.19999999F, -0.049999997F, -0.029999999F, -0.015F, -0.003F, -1.0000001e-05F, 0, 0.001F, 0.40000001F, 1, 2.5F, 3, 6, 20, 100},
     {0.0099999998F, 0.0099999998F, 0.0099999998F, 0.0099999998F, 0.0099999998F, 0.0099999998F, 0.0099999998F, 0.0099999998F, 1, 1, 1, 1, 1,
      1, 1, 1}},
    {"leaky_relu",
     "{\"slope\":0.2}",
     {-20, -4, -1, -0.60000002F, -0.30000001F, -0.060000002F, -0.00020000001F, 0, 0.001F, 0.40000001F, 1, 2.5F, 3, 6, 20, 100},
     {0.2F, 0.2F, 0.2F, 0.2F, 0.2F, 0.2F, 0.2F, 0.2F, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"elu",
     "{}",
     {-1, -1, -0.99326205F, -0.95021296F, -0.77686983F, -0.2591818F, -0.00099951029F, 0, 0.001F, 0.40000001F, 1, 2.5F, 3, 6, 20, 100},
     {0, 2.0611537e-09F, 0.006737947F, 0.049787067F, 0.22313017F, 0.7408182F, 0.99900049F, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"elu",
     "{\"alpha\":0.5}",
     {-0.5F, -0.5F, -0.49663103F, -0.47510648F, -0.38843492F, -0.1295909F, -0.00049975514F, 0, 0.001F, 0.40000001F, 1, 2.5F, 3, 6, 20, 100},
     {0, 1.0305768e-09F, 0.0033689735F, 0.024893533F, 0.11156508F, 0.3704091F, 0.49950024F, 0.5F, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"selu",
     "{}",
     {-1.7580993F, -1.7580993F, -1.7462534F, -1.6705687F, -1.3658143F, -0.45566735F, -0.0017572384F, 0, 0.001050701F, 0.42028043F,
      1.050701F, 2.6267526F, 3.1521029F, 6.3042059F, 21.014021F, 105.0701F},
     {0, 3.6237129e-09F, 0.01184598F, 0.087530605F, 0.39228499F, 1.3024319F, 1.7563421F, 1.7580993F, 1.050701F, 1.050701F, 1.050701F,
      1.050701F, 1.050701F, 1.050701F, 1.050701F, 1.050701F}},
    {"gelu",
     "{}",
     {0, 0, -1.4901161e-06F, -0.0040498674F, -0.10021086F, -0.11462659F, -0.00049960113F, 0, 0.00050039892F, 0.26216868F, 0.84134471F,
      2.4844759F, 2.9959502F, 6, 20, 100},
     {0, 0, -7.1227551e-06F, -0.011945605F, -0.12746915F, 0.26767227F, 0.49920219F, 0.5F, 0.50079781F, 0.80272973F, 1.0833154F, 1.037611F,
      1.0119456F, 1, 1, 1}},
    {"silu",
     "{}",
     {0, -4.1223075e-08F, -0.033464253F, -0.14227761F, -0.27363828F, -0.12766725F, -0.00049975002F, 0, 0.00050025003F, 0.23947507F,
      0.7310586F, 2.3103545F, 2.8577225F, 5.9851646F, 20, 100},
     {0, -3.9161922e-08F, -0.026547434F, -0.088104106F, -0.041294161F, 0.35222F, 0.49950001F, 0.5F, 0.50049996F, 0.69479197F, 0.92767054F,
      1.0994011F, 1.0881041F, 1.0123262F, 1, 1}},
    {"mish",
     "{}",
     {0, -4.1223075e-08F, -0.033576235F, -0.14564747F, -0.29809976F, -0.15113316F, -0.00059968F, 0, 0.00060032F, 0.28903052F, 0.86509836F,
      2.4713924F, 2.9865351F, 5.9999266F, 20, 100},
     {0, -3.9161922e-08F, -0.026747495F, -0.093393125F, -0.064097829F, 0.4085108F, 0.59935993F, 0.60000002F, 0.60063994F, 0.83701748F,
      1.0490363F, 1.0411296F, 1.021107F, 1.000134F, 1, 1}},
    {"tanh",
     "{}",
     {-1, -1, -0.99990922F, -0.99505478F, -0.90514827F, -0.29131263F, -0.0009999997F, 0, 0.0009999997F, 0.37994897F, 0.76159418F,
      0.98661429F, 0.99505478F, 0.99998772F, 1, 1},
     {0, 0, 0.00018154751F, 0.0098659815F, 0.18070662F, 0.91513693F, 0.99999899F, 1, 0.99999899F, 0.8556388F, 0.4199743F, 0.026592249F,
      0.0098659815F, 2.4556963e-05F, 0, 0}},
    {"sigmoid",
     "{}",
     {0, 2.0611537e-09F, 0.006692851F, 0.047425874F, 0.18242553F, 0.42555749F, 0.49975002F, 0.5F, 0.50024998F, 0.59868765F, 0.7310586F,
      0.92414182F, 0.95257413F, 0.99752742F, 1, 1},
     {0, 2.0611537e-09F, 0.0066480567F, 0.045176659F, 0.14914647F, 0.24445832F, 0.24999994F, 0.25F, 0.24999994F, 0.24026075F, 0.19661193F,
      0.070103712F, 0.045176655F, 0.0024664658F, 0, 0}},
    {"hard_swish",
     "{}",
     {0, 0, 0, 0, -0.375F, -0.13500001F, -0.00049983338F, 0, 0.00050016667F, 0.22666667F, 0.66666669F, 2.2916667F, 3, 6, 20, 100},
     {0, 0, 0, -0.5F, 0, 0.40000001F, 0.49966666F, 0.5F, 0.50033331F, 0.63333333F, 0.83333337F, 1.3333333F, 1, 1, 1, 1}},
    {"softplus",
     "{}",
     {0, 2.0611537e-09F, 0.0067153485F, 0.048587352F, 0.20141329F, 0.5543552F, 0.69264728F, 0.69314718F, 0.69364733F, 0.91301525F,
      1.3132616F, 2.5788898F, 3.0485873F, 6.0024757F, 20, 100},
     {0, 2.0611537e-09F, 0.006692851F, 0.047425874F, 0.18242551F, 0.42555746F, 0.49974999F, 0.5F, 0.50025004F, 0.59868765F, 0.7310586F,
      0.92414182F, 0.95257413F, 0.99752736F, 1, 1}},
    {"softplus",
     "{\"beta\":3}",
     {0, 2.918837e-27F, 1.0196742e-07F, 4.1134062e-05F, 0.0036825817F, 0.11371797F, 0.23054944F, 0.23104906F, 0.23154944F, 0.48776081F,
      1.0161958F, 2.5001843F, 3.000041F, 6, 20, 100},
     {0, 8.7565109e-27F, 3.059022e-07F, 0.00012339458F, 0.010986943F, 0.28905049F, 0.49924999F, 0.5F, 0.50075001F, 0.76852477F, 0.95257413F,
      0.99944723F, 0.99987662F, 1, 1, 1}},
};

static void check_activations(void)
{
    TEST("activations and their slopes are those of torch");
    for (size_t i = 0; i < sizeof activations / sizeof *activations; i++) {
        Bench b;
        if (!bench_make(&b, activations[i].layer, activations[i].settings, shape_vector(POINTS), 1))
            continue;
        memcpy(b.x, points, sizeof points);
        for (int k = 0; k < POINTS; k++)
            b.dy[k] = 1;
        b.layer->forward(&b.pass);
        b.layer->backward(&b.pass);
        for (int k = 0; k < POINTS; k++) {
            double far = fmax(fabs((double)b.y[k] - (double)activations[i].y[k]) / (1 + fabs((double)activations[i].y[k])),
                              fabs((double)b.dx[k] - (double)activations[i].dx[k]));
            test_check(far <= 1e-6, __FILE__, __LINE__, "%s %s at %g: %.9g, slope %.9g, expected %.9g, %.9g", activations[i].layer,
                       activations[i].settings, (double)points[k], (double)b.y[k], (double)b.dx[k], (double)activations[i].y[k],
                       (double)activations[i].dx[k]);
        }
        bench_done(&b);
    }
}

/* All rules on all processors, at lengths that do not fill their vectors: the same bits; NaN stays. */
static void check_levels(void)
{
    TEST("activations give the same bits on all processors, and NaN stays");
    static const char *const names[KERNEL_LEVELS] = {"portable", "avx2", "avx512"};
    static const ElementRules *const rules[] = {
#define ELEMENTWISE(name, ...) &rules_##name,
#include "net/layers/elementwise.def"
#undef ELEMENTWISE
    };
    enum { LENGTH = 77 };
    float x[LENGTH], dy[LENGTH], y[KERNEL_LEVELS][LENGTH], dx[KERNEL_LEVELS][LENGTH];
    for (int i = 0; i < LENGTH; i++) {
        x[i] = 8 * sinf(0.7F * (float)i);
        dy[i] = cosf((float)i);
    }
    x[40] = NAN;
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
        for (int level = 0; level < KERNEL_LEVELS; level++) {
            if (!kernels_find(names[level]))
                continue;
            ElementView v = {.x = x, .out = y[level], .count = LENGTH, .a = 0.5F};
            rules[r]->forward[level](&v);
            v = (ElementView){.x = x, .y = y[level], .dy = dy, .out = dx[level], .count = LENGTH, .a = 0.5F};
            rules[r]->back[level](&v);
            CHECK(isnan(y[level][40]));
            test_check(!memcmp(y[level], y[0], 40 * sizeof(float)) && !memcmp(y[level] + 41, y[0] + 41, (LENGTH - 41) * sizeof(float)) &&
                           !memcmp(dx[level], dx[0], 40 * sizeof(float)) &&
                           !memcmp(dx[level] + 41, dx[0] + 41, (LENGTH - 41) * sizeof(float)),
                       __FILE__, __LINE__, "activation %zu differs on %s", r, names[level]);
        }
}

/* torch 1.13, of layers m in double, on rows of `shape`, channels last:
 *
 *   wave = lambda f, n, a, b: torch.tensor([f(a * i + b) for i in range(n)], dtype=torch.float64)
 *   total = lambda t: float(t.detach().reshape(-1) @ wave(math.cos, t.numel(), 0.37, 0.1))
 *   def run(m, rows, *shape, places=True):
 *       m, moves = m.double(), places and len(shape) > 1
 *       i, (n, s) = 0, (rows * math.prod(shape), (rows,) + shape)
 *       for name, t in m.state_dict().items():
 *           if t.dtype == torch.float64:
 *               v = wave(math.sin, t.numel(), 0.7, 0.7 * i + 0.3); i += t.numel()
 *               t.copy_((v.abs() + 0.5 if name.endswith("running_var") else v).reshape(t.shape))
 *       x = (2.5 * wave(math.sin, n, 0.9, 0.2)).reshape(s).requires_grad_()
 *       y = m(x.movedim(-1, 1) if moves else x)
 *       y = y.movedim(1, -1).contiguous() if moves and y.dim() > 2 else y
 *       y.backward(wave(math.cos, y.numel(), 0.4, 1).reshape(y.shape))
 *       g = torch.cat([p.grad.reshape(-1) for p in m.parameters()])
 *       return total(y), total(x.grad), total(g)
 *
 * torch has no layer of waves:
 *
 *   class Periodic(nn.Module):
 *       def __init__(m, n, width, count, plr=False):
 *           super().__init__(); waves, mixed = (2 * count, width) if plr else (count, width - 1)
 *           make = lambda *s: nn.Parameter(torch.zeros(s))
 *           m.f, m.w, m.b = make(n, count), make(n, waves, mixed), make(n, mixed)
 *           m.p = None if plr else make(n, count)
 *       def forward(m, x):
 *           t = 2 * math.pi * m.f * x[..., None] + (0 if m.p is None else m.p)
 *           c = torch.cos(t) if m.p is not None else torch.cat([torch.cos(t), torch.sin(t)], -1)
 *           y = torch.einsum("rnw,nwk->rnk", c, m.w) + m.b
 *           return (torch.relu(y) if m.p is None else torch.cat([x[..., None], y], -1)).flatten(1) */
static const struct {
    const char *layer, *settings;
    const char *torch; /* the arguments of run */
    Shape in;
    size_t rows;
    double y, dx, dw;
} cases[] = {
    {"prelu", "{}", "nn.PReLU(5), 3, 5", SHAPE_VECTOR(5), 3, 1.2716012, 2.2925905, 0.9051526},
    {"prelu", "{}", "nn.PReLU(2), 2, 3, 2", SHAPE_SEQUENCE(3, 2), 2, 0.6620983, 1.6428095, 4.1445037},
    {"prelu", "{}", "nn.PReLU(3), 2, 2, 3, 3", SHAPE_IMAGE(2, 3, 3), 2, 1.8720732, 2.3577407, 1.7134741},
    {"layer_norm", "{}", "nn.LayerNorm(5), 3, 5", SHAPE_VECTOR(5), 3, 2.0374592, 0.2205646, 1.220077},
    {"layer_norm", "{}", "nn.LayerNorm(37), 3, 37", SHAPE_VECTOR(37), 3, 1.577309, -2.5476844, 13.3430622},
    {"layer_norm", "{}", "nn.LayerNorm(3), 2, 4, 3, places=False", SHAPE_SEQUENCE(4, 3), 2, 0.2748592, 0.5668735, 0.8931138},
    {"layer_norm", "{}", "nn.LayerNorm(3), 2, 2, 2, 3, places=False", SHAPE_IMAGE(2, 2, 3), 2, 0.2748592, 0.5668735, 0.8931138},
    {"batch_norm", "{}", "nn.BatchNorm1d(5), 4, 5", SHAPE_VECTOR(5), 4, 0.8104755, 0.3849578, 2.4318733},
    {"batch_norm", "{}", "nn.BatchNorm1d(3), 2, 4, 3", SHAPE_SEQUENCE(4, 3), 2, 0.9226925, 1.447091, 1.4121469},
    {"batch_norm", "{}", "nn.BatchNorm2d(18), 2, 2, 3, 18", SHAPE_IMAGE(2, 3, 18), 2, -0.14397, -3.8648873, -14.9743047},
    {"group_norm", "{}", "nn.GroupNorm(1, 5), 3, 5", SHAPE_VECTOR(5), 3, 2.0374592, 0.2205646, 1.220077},
    {"group_norm", "{\"groups\":2}", "nn.GroupNorm(2, 40), 3, 40", SHAPE_VECTOR(40), 3, -1.4393858, -11.2397483, 18.2020464},
    {"group_norm", "{\"groups\":2}", "nn.GroupNorm(2, 4), 2, 3, 4", SHAPE_SEQUENCE(3, 4), 2, 0.6359538, 1.3674719, 3.6372955},
    {"group_norm", "{\"groups\":3}", "nn.GroupNorm(3, 18), 2, 2, 3, 18", SHAPE_IMAGE(2, 3, 18), 2, -1.0524723, -4.2736626, -14.9874649},
    {"periodic", "{\"width\":3,\"frequencies\":4}", "Periodic(2, 3, 4), 3, 2", SHAPE_VECTOR(2), 3, -6.9924115, 9.9258109, 10.1951269},
    {"periodic", "{\"width\":4,\"frequencies\":18}", "Periodic(1, 4, 18), 2, 1", SHAPE_VECTOR(1), 2, -0.9027965, 7.7099206, -0.6007571},
    {"periodic", "{\"width\":4,\"frequencies\":3,\"form\":\"plr\"}", "Periodic(1, 4, 3, True), 2, 1", SHAPE_VECTOR(1), 2, -0.589305,
     -5.9048421, -0.2650259},
    {"conv1d", "{\"filters\":4}", "nn.Conv1d(3, 4, 3, padding=1), 2, 7, 3", SHAPE_SEQUENCE(7, 3), 2, 0.6318899, -4.0186196, -1.4363332},
    {"conv1d", "{\"filters\":4,\"kernel\":3,\"dilation\":2}", "nn.Conv1d(3, 4, 3, padding=2, dilation=2), 2, 9, 3", SHAPE_SEQUENCE(9, 3), 2,
     -7.1212752, 2.4088201, -2.2668843},
    {"conv1d", "{\"filters\":6,\"kernel\":5,\"stride\":2,\"groups\":3,\"padding\":\"fixed\",\"zeros\":2}",
     "nn.Conv1d(3, 6, 5, stride=2, padding=2, groups=3), 2, 11, 3", SHAPE_SEQUENCE(11, 3), 2, -0.9488603, -5.1515121, -3.2759425},
    {"conv1d", "{\"filters\":4,\"kernel\":4,\"groups\":4,\"padding\":\"valid\",\"bias\":false}",
     "nn.Conv1d(4, 4, 4, groups=4, bias=False), 2, 8, 4", SHAPE_SEQUENCE(8, 4), 2, -0.0025746, -0.2054432, -0.1403782},
    {"conv1d", "{\"filters\":4,\"kernel\":2,\"groups\":2,\"padding\":\"fixed\",\"zeros\":3,\"dilation\":3,\"stride\":3}",
     "nn.Conv1d(4, 4, 2, groups=2, padding=3, dilation=3, stride=3), 2, 8, 4", SHAPE_SEQUENCE(8, 4), 2, -0.3044519, 0.3148133, 2.4869884},
    {"conv2d", "{\"filters\":3}", "nn.Conv2d(2, 3, 3, padding=1), 2, 4, 5, 2", SHAPE_IMAGE(4, 5, 2), 2, 3.6506406, -16.4484373,
     -28.9920488},
    {"conv2d", "{\"filters\":3}", "nn.Conv2d(1, 3, 3, padding=1), 2, 4, 5, 1", SHAPE_SEQUENCE(4, 5), 2, 25.895963, -5.8679649, -17.6377594},
    {"conv2d", "{\"filters\":4,\"kernel\":5,\"kernel_width\":3,\"stride\":2,\"stride_width\":1,\"padding\":\"valid\"}",
     "nn.Conv2d(3, 4, (5, 3), stride=(2, 1)), 2, 9, 6, 3", SHAPE_IMAGE(9, 6, 3), 2, -60.3693769, -0.4230742, 7.8444356},
    {"conv2d", "{\"filters\":4,\"kernel\":3,\"stride\":2,\"padding\":\"fixed\",\"zeros\":1,\"groups\":2,\"bias\":false}",
     "nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=2, bias=False), 2, 7, 6, 4", SHAPE_IMAGE(7, 6, 4), 2, -36.4723967, 71.4343047,
     -14.7341528},
    {"conv2d", "{\"filters\":5,\"groups\":5,\"dilation\":2}", "nn.Conv2d(5, 5, 3, padding=2, dilation=2, groups=5), 2, 6, 7, 5",
     SHAPE_IMAGE(6, 7, 5), 2, -5.555068, 4.611635, 0.2081654},
    {"conv2d", "{\"filters\":8,\"kernel\":3,\"groups\":4,\"stride\":2,\"padding\":\"fixed\",\"zeros\":1}",
     "nn.Conv2d(4, 8, 3, stride=2, padding=1, groups=4), 2, 6, 7, 4", SHAPE_IMAGE(6, 7, 4), 2, -0.0219991, -31.9507656, -4.797017},
    {"max_pool", "{\"size\":2}", "nn.MaxPool1d(2), 2, 7, 3", SHAPE_SEQUENCE(7, 3), 2, 2.0367488, 0.2792414, 0.0},
    {"max_pool", "{\"size\":3,\"stride\":2,\"zeros\":1}", "nn.MaxPool1d(3, 2, 1), 2, 8, 3", SHAPE_SEQUENCE(8, 3), 2, 2.1579531, -0.3800532,
     0.0},
    {"max_pool", "{}", "nn.MaxPool2d(2), 2, 5, 6, 3", SHAPE_IMAGE(5, 6, 3), 2, 3.0903405, -0.5738578, 0.0},
    {"max_pool", "{\"size\":3,\"size_width\":2,\"stride\":2,\"stride_width\":1,\"zeros\":1}", "nn.MaxPool2d((3, 2), (2, 1), 1), 2, 5, 6, 3",
     SHAPE_IMAGE(5, 6, 3), 2, 7.0083111, -5.2019961, 0.0},
    {"average_pool", "{\"size\":3,\"stride\":2,\"zeros\":1}", "nn.AvgPool1d(3, 2, 1), 2, 8, 3", SHAPE_SEQUENCE(8, 3), 2, -1.4654194,
     1.8505311, 0.0},
    {"average_pool", "{\"size\":2}", "nn.AvgPool2d(2), 2, 5, 6, 3", SHAPE_IMAGE(5, 6, 3), 2, 0.4289439, 0.9707845, 0.0},
    {"average_pool", "{\"size\":3,\"stride\":1,\"zeros\":1}", "nn.AvgPool2d(3, 1, 1), 2, 5, 6, 3", SHAPE_IMAGE(5, 6, 3), 2, 0.2784046,
     -5.749116, 0.0},
    {"global_pool", "{}", "nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Flatten()), 2, 6, 3", SHAPE_SEQUENCE(6, 3), 2, 0.6940964, -0.0894544,
     0.0},
    {"global_pool", "{}", "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), 2, 3, 4, 2", SHAPE_IMAGE(3, 4, 2), 2, 0.2607564, 0.1988657,
     0.0},
    {"global_pool", "{\"kind\":\"max\"}", "nn.Sequential(nn.AdaptiveMaxPool1d(1), nn.Flatten()), 2, 6, 3", SHAPE_SEQUENCE(6, 3), 2,
     5.6691737, 0.8143503, 0.0},
    {"global_pool", "{\"kind\":\"max\"}", "nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), 2, 3, 4, 2", SHAPE_IMAGE(3, 4, 2), 2,
     6.6585423, 0.3461253, 0.0},
};

static void wave(float *to, size_t count, double size, double step, double first)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (float)(size * sin(step * (double)i + first));
}

/* Where number i of a tensor in a file stands in memory. */
static size_t place_of(const LayerTensor *t, size_t i)
{
    int64_t at[LAYER_DIMS] = {0};
    int8_t axes[LAYER_DIMS] = {0, 1, 2, 3};
    if (t->axes[0] || t->axes[1] || t->axes[2] || t->axes[3])
        memcpy(axes, t->axes, sizeof axes);
    for (int d = t->rank - 1; d >= 0; d--) {
        size_t size = (size_t)t->dims[axes[d]];
        at[axes[d]] = (int64_t)(i % size);
        i /= size;
    }
    size_t place = 0;
    for (int d = 0; d < t->rank; d++)
        place = place * (size_t)t->dims[d] + (size_t)at[d];
    return place;
}

static double total(const float *v, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)v[i] * cos(0.37 * (double)i + 0.1);
    return sum;
}

static double total_gradient(const Bench *b)
{
    double sum = 0;
    size_t n = 0;
    for (size_t t = 0; t < b->count; t++)
        for (size_t i = 0; b->declared[t].is_trained && i < b->sizes[t]; i++)
            sum += (double)b->gradients[t][place_of(&b->declared[t], i)] * cos(0.37 * (double)n++ + 0.1);
    return sum;
}

static void fill_tensors(const Bench *b)
{
    size_t n = 0;
    for (size_t t = 0; t < b->count; t++)
        for (size_t i = 0; i < b->sizes[t]; i++)
            b->tensors[t][place_of(&b->declared[t], i)] = (float)sin(0.7 * (double)n++ + 0.3);
}

static void check_cases(void)
{
    TEST("layers and their gradients are those of torch");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench b;
        if (!bench_make(&b, cases[i].layer, cases[i].settings, cases[i].in, cases[i].rows))
            continue;
        size_t in = cases[i].rows * (size_t)shape_size(cases[i].in), out = cases[i].rows * (size_t)shape_size(b.pass.out);
        wave(b.x, in, 2.5, 0.9, 0.2);
        wave(b.dy, out, 1, 0.4, 1 + acos(0));
        fill_tensors(&b);
        bench_run(&b);
        double y = total(b.y, out), dx = total(b.dx, in), dw = total_gradient(&b);
        test_check(fabs(y - cases[i].y) <= 1e-5 && fabs(dx - cases[i].dx) <= 1e-5 && fabs(dw - cases[i].dw) <= 1e-5, __FILE__, __LINE__,
                   "%s %s: %.8g, %.8g, %.8g, but torch's %s gives %.8g, %.8g, %.8g", cases[i].layer, cases[i].settings, y, dx, dw,
                   cases[i].torch, cases[i].y, cases[i].dx, cases[i].dw);
        b.layer->infer(&b.pass);
        if (!b.layer->stats) /* else it is told by the running ones */
            CHECK_NEAR(total(b.y, out), y, 1e-5);
        bench_done(&b);
    }
}

/* torch 1.13: m = nn.Embedding(5, 3), its weight filled as above; y = m([1, 4, 2, 0, 0, 4]); y.backward(dy as above). */
static void check_embedding(void)
{
    TEST("an embedding is that of torch, with row 0 for what is no code");
    static const float codes[] = {0, 3, 1, 4, NAN, 3};
    Bench b;
    if (!bench_make(&b, "embedding", "{\"levels\":4,\"width\":3}", shape_vector(6), 1))
        return;
    memcpy(b.x, codes, sizeof codes);
    fill_tensors(&b);
    wave(b.dy, 18, 1, 0.4, 1 + acos(0));
    b.layer->forward(&b.pass);
    b.layer->backward(&b.pass);
    CHECK_NEAR(total(b.y, 18), 1.722989, 1e-5);
    CHECK_NEAR(total_gradient(&b), 4.4870639, 1e-5);
    bench_done(&b);
}

void unit_layers_torch(void);
void unit_layers_torch(void)
{
    net_register();
    check_activations();
    check_levels();
    check_cases();
    check_embedding();
}
