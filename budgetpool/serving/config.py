"""How gunicorn serves Budgetpool: `gunicorn --config python:budgetpool.serving.config`.

What a command line says comes before this, such as `--workers 4` or `--bind 0.0.0.0:8000`.
"""

from budgetpool.environment import read_int

wsgi_app = "budgetpool.wsgi"
bind = "127.0.0.1:8000"
# As many as the machine has cores.
workers = read_int("WEB_WORKERS", default=2, least=1, most=64)
threads = 4
worker_class = "budgetpool.serving.patient.PatientWorker"
worker_connections = 1000
# The program is read once, before the first person comes, and its memory is shared.
preload_app = True
graceful_timeout = 30
# A server is stopped by a signal; nothing else may reach it.
control_socket_disable = True

# The lines of gunicorn look like all others.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "budgetpool.logs.formatter", "as_json": True}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Each request is written by budgetpool.request already.
        "gunicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}
