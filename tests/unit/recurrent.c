/* gru and lstm against torch: outputs, and outputs after three steps of gradient descent, so gradients of everything. */
#include "tests/unit/net_help.h"

/* torch 1.13.0, in float64:
   import torch, math
   torch.set_num_threads(1); torch.set_default_dtype(torch.float64)
   def run(kind, bi, all_):
       C, H, L, N, O = 3, 4, 5, 2, 2
       rnn = getattr(torch.nn, kind)(C, H, batch_first=True, bidirectional=bi)
       D = H * (2 if bi else 1)
       head = torch.nn.Linear(D * (L if all_ else 1), O)
       i = 0
       with torch.no_grad():
           for t in list(rnn.state_dict().values()) + list(head.state_dict().values()):
               flat = t.view(-1)
               for k in range(flat.numel()):
                   flat[k] = 0.5 * math.sin(0.7 * i + 0.3); i += 1
       x = torch.tensor([[math.cos(0.9 * k) for k in range(C * L)], [math.cos(0.4 * k + 1) for k in range(C * L)]]).view(N, L, C)
       y = torch.tensor([[0.5, -1.0], [1.5, 0.25]])
       opt = torch.optim.SGD(list(rnn.parameters()) + list(head.parameters()), lr=0.1)
       def out():
           o, h = rnn(x)
           if all_: f = o.transpose(1, 2).reshape(N, -1)   # flatten: channels before places
           else:
               h = h[0] if kind == 'LSTM' else h
               f = torch.cat([h[d] for d in range(h.shape[0])], 1)
           return head(f)
       before = out().tolist()
       for _ in range(3):
           opt.zero_grad(); loss = ((out() - y) ** 2).mean(); loss.backward(); opt.step()
       after = out().tolist()
       f = lambda rows: ", ".join(f"{v:.9g}" for r in rows for v in r)
       print(f'{kind} bi={bi} all={all_}: {{{f(before)}}}, {{{f(after)}}}')
   for kind in ('GRU', 'LSTM'):
       for bi in (False, True):
           for all_ in (False, True): run(kind, bi, all_)
*/
static const struct {
    const char *layer;
    bool bidirectional, all;
    double before[4], after[4];
} cases[] = {
    {"gru", false, false, {-0.0922669179, 0.336534985, -0.147661202, 0.37849364}, {0.442407961, -0.0573979512, 0.431850177, -0.0356824588}},
    {"gru", false, true, {-0.235029561, -0.179332763, 0.605996709, 0.116886794}, {0.34600465, -0.611523306, 1.24562718, -0.167068257}},
    {"gru", true, false, {-0.197463537, 0.0695691569, -0.287503775, 0.0225086336}, {0.434641575, -0.0311449452, 0.402395435, -0.026895373}},
    {"gru", true, true, {-0.161232874, 0.749302635, 1.54632778, -1.02267255}, {0.423667054, 0.0717173908, 1.61740185, -0.734254906}},
    {"lstm", false, false, {-0.11063193, 0.41487245, -0.148658776, 0.431461347}, {0.288358733, 0.118395332, 0.271480982, 0.135214466}},
    {"lstm", false, true, {-0.33087091, -0.619029364, -0.159992441, -0.389289711}, {0.139948953, -0.628744247, 0.372914968, -0.379997036}},
    {"lstm", true, false, {-0.129294986, 0.15201434, -0.211358754, 0.0955058177}, {0.323685451, -0.0199339245, 0.269885461, -0.0472951874}},
    {"lstm", true, true, {-0.42097281, 0.959220414, 0.1888825, 0.4079145}, {0.399656108, 0.132103832, 0.94639139, -0.246490083}},
};

enum { LENGTH = 5, CHANNELS = 3, ROWS = 2 };

static void check_outputs(Trainer *t, const float *x, const double *due, const char *what)
{
    float y[ROWS * 2];
    Error e = {0};
    CHECK_OK(trainer_evaluate(t, x, ROWS, y, &e), e);
    for (int i = 0; i < ROWS * 2; i++)
        test_check(fabs((double)y[i] - due[i]) < 1e-5, __FILE__, __LINE__, "%s: %d is %.9g, torch says %.9g", what, i, (double)y[i],
                   due[i]);
}

static void check_case(size_t i)
{
    char *net = text_format("[{\"layer\":\"%s\",\"width\":4,\"bidirectional\":%s,\"output\":\"%s\"}]", cases[i].layer,
                            cases[i].bidirectional ? "true" : "false", cases[i].all ? "all" : "last");
    Model *m = net_model(net, shape_sequence(LENGTH, CHANNELS), 2, 1);
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
    TrainerPlan plan = {.batch = ROWS, .threads = 1, .optimizer = sgd};
    float x[ROWS * LENGTH * CHANNELS];
    static const float values[ROWS * 2] = {0.5F, -1, 1.5F, 0.25F};
    Error e = {0};
    for (int k = 0; k < LENGTH * CHANNELS; k++) {
        x[k] = (float)cos(0.9 * k);
        x[LENGTH * CHANNELS + k] = (float)cos(0.4 * k + 1);
    }
    net_fill_as_torch(m, 0.5);
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    check_outputs(t, x, cases[i].before, net);
    for (int s = 0; s < 3; s++)
        trainer_step(t, &(Batch){.x = x, .values = values, .rows = ROWS}, 0.1, 0, NULL);
    check_outputs(t, x, cases[i].after, net);
    trainer_free(t);
    spec_use_done(&sgd);
    model_free(m);
    mem_free(net);
}

/* More rows than a block, cut into slices: the gradient of a batch is the mean of the gradients of its rows. */
static void check_blocks(void)
{
    enum { MANY = 37 };
    TEST("rows of several blocks: the same as each row alone");
    Error e = {0};
    Model *m =
        net_model("[{\"layer\":\"lstm\",\"width\":6,\"bidirectional\":true},{\"layer\":\"gru\",\"width\":3}]", shape_sequence(7, 2), 2, 3);
    float *x = net_noise(MANY * 14, 6), all[MANY * 2], one[2];
    CHECK_OK(model_infer(m, NULL, x, MANY, all, &e), e);
    int differ = 0;
    for (size_t r = 0; r < MANY; r++) {
        CHECK_OK(model_infer(m, NULL, x + r * 14, 1, one, &e), e);
        differ += memcmp(one, all + 2 * r, sizeof one) != 0;
    }
    CHECK_INT(differ, 0);
    mem_free(x);
    model_free(m);
}

void unit_recurrent(void);
void unit_recurrent(void)
{
    net_register();
    TEST("gru and lstm, one way and both, last state and all: torch's outputs, and after three steps");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(i);
    check_blocks();
}
