"""`python -m budgetpool COMMAND`."""

from budgetpool.command_line import main

main()
