"""Tests that need Rasa's environment, which has no pytest: run by tests/nlu/test_in_rasa.py."""
