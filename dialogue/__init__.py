"""Taking turns: what was heard goes in, what is said comes out."""
