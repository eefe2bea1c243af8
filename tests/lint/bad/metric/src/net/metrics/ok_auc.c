/* The only file that knows it. */
const char *auc_name(void)
{
    return "auc";
}
