/* A sample for the linter. */
int a; 
