/* A sample for the linter. */
void say(void)
{
    printf("hello\n");
}
