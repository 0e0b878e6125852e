"""The English of every prompt, one module for each capability."""
