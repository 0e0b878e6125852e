"""What was meant: the Rasa project, its components, and the two commands that train and serve it."""
