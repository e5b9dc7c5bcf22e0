# One image for all processes of the portal; docker-compose.yml says which command each one runs.
FROM python:3.11-slim-bookworm AS build

WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r requirements.txt


FROM python:3.11-slim-bookworm

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0

# /var/lib/mpp is the only place the portal writes to; a volume mounted there keeps this owner.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent mpp \
    && install --directory --owner mpp --group mpp /var/lib/mpp

COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . ./
# The keys of this one command sign and seal nothing and stay in no layer.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    VAULT_KEYS="1:$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    INDEX_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    DATABASE_URL=sqlite:////tmp/unused.sqlite3 \
    python manage.py collectstatic --noinput --verbosity 0

# The number of the user mpp: a host that demands a non-root image cannot look names up.
USER 10001
EXPOSE 8000
CMD ["gunicorn", "mpp.wsgi:application", "--bind", "0.0.0.0:8000"]
