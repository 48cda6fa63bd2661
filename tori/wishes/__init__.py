"""What people look for: wishes, answers to them, and calls for partners."""
