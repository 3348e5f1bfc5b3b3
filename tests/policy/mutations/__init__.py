"""For each rule, changes to a sound graph that it must report."""
