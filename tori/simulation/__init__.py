"""Years of life on the square, played on a stopped clock into an empty site."""
