"""What every part uses and what knows no feature and no Flask."""
