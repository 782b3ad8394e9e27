"""Django finds this file; the back office's lists stand in a package of their own."""

from budgetpool.portals.back_office import lists, work  # noqa: F401
