# Budgetpool in one image: the web server, and with another command the worker.
#
#   docker build --tag budgetpool .
#   docker run --rm budgetpool python manage.py check --deploy
FROM python:3.13-slim-trixie AS build
RUN pip install --no-cache-dir uv
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml ./
RUN uv sync --no-dev --no-install-project
COPY . .
RUN SECRET_KEY="only-while-the-image-is-built-0123456789-0123456789" \
    .venv/bin/python manage.py collectstatic --noinput -v0

FROM python:3.13-slim-trixie
# Pango and its kin draw the PDFs; the client's programs make backups.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home budgetpool \
    && install -d -o budgetpool /var/lib/budgetpool
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BUDGETPOOL_VAR=/var/lib/budgetpool
USER budgetpool
VOLUME /var/lib/budgetpool
EXPOSE 8000
# By the name that people use, since the server answers to no other.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.request as web; host = os.environ['ALLOWED_HOSTS'].split(',')[0]; \
    web.urlopen(web.Request('http://127.0.0.1:8000/livez', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "--config", "python:budgetpool.serving.config", "--bind", "0.0.0.0:8000"]
