"""Times of visits as callers say them: signs for words, days, times of day, and one answer."""
