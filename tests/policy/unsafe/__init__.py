"""What would hurt in each property of the platform's resources, and why the others cannot."""
