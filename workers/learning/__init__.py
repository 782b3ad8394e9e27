"""What somebody knows, wants and learned: for themselves and their adviser, for nothing else."""
