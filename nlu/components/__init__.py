"""Parts of the Rasa pipeline and server that are ours.

Modules that say "No Rasa here" hold what can be decided without it, so that the tests of the app's
environment reach it.
"""
