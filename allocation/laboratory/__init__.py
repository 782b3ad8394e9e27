"""The policy laboratory: what a rule does over many synthetic rounds and years, before anybody
is asked to live under it (docs/laboratory.md).

Pure but for `asking.py`: no database, no Django; numpy's generators with explicit seeds only.
"""
