"""Questions as versioned data, and what was answered, in the exact words."""
