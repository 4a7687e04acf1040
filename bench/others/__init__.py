"""Programs that deliver with other systems; they run in an environment of their own."""
