"""What was understood becomes what the portal does: one file a capability."""
