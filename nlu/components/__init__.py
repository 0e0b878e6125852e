"""Parts of the Rasa pipeline and server that are ours.

Modules without a Rasa import (text, judging, turn_body) hold what can be decided without Rasa, so that the tests of the
application's environment reach it.
"""
