"""The portal's records and the rules on them: what a patient can do by logging in."""
