// The raspc command.
int main() { return 2; }
