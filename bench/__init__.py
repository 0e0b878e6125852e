"""How fast a turn is: programs that measure, never assert."""
