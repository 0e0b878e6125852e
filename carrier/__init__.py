"""Twilio: who may call us, and how we send a text or place a call."""
