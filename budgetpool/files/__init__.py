"""Where uploads and letters lie: on this machine, or in an object store that all machines share.

Everything above speaks to Django's storages and never learns which of the two it is.
"""
