"""What was meant: the Rasa project, its components, and what trains and serves it."""
