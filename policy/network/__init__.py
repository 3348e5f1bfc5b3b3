"""Who reaches whom in a stack: places, the layers between them, and what each layer says."""
