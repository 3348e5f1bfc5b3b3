"""What rules ask of a graph again and again, each question in one place."""
