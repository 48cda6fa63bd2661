"""What every view needs from Flask: access, sessions, headers, limits, forms and templates. Below the features."""
