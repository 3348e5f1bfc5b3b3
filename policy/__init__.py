"""What a stack may be: rules over plain data, and the pack that carries them to the engine."""
