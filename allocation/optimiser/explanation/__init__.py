"""Why each request was awarded or refused, as codes with parameters."""
