"""Pledges, the contribution requests that follow from them."""
