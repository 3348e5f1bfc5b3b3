"""TMI's variables as one table: name, field of the stack file, secret or not, since when, what for.

TMI ignores a misspelt name without a word, so every name is here once, and a test holds them against those that TMI
1.8.22 reads. `variable` is what a row is, `table` the whole; the other modules are the rows by what they
are about.
"""
