"""How few people need change, and what each further person who may change is worth."""
