"""The telephone: what the carrier asks of us in a call, and what it is answered."""
