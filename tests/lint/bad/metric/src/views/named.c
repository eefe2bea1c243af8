/* A view that knows a metric by name. */
const char *view_metric(void)
{
    return "valid.auc";
}
