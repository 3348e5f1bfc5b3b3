"""A small stack with 26 faults that real stacks have had, written as their authors write them."""
