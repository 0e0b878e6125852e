"""A telephone and a carrier for development: what Twilio does, on one machine, over HTTP alone.

Nothing here imports the rest of the house: whatever the line does right or wrong, it
does over the same signed webhooks and the same REST calls that the real carrier uses.
"""
