"""What would have changed a refusal, confirmed by dividing again."""
