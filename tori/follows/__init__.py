"""What people follow, and the lists that they share."""
