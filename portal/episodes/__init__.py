"""The day's list, the times a young person was missing, the 72-hour clock, and who takes a return."""
