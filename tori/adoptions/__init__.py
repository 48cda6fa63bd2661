"""How practices spread: asking later how it went, what the author sees, who takes most models, breakthroughs."""
