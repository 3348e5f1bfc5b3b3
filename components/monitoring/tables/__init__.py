"""What is watched, a table a tier: functions from what stands there to rows and graphs."""
