# syntax=docker/dockerfile:1

# The web client.
FROM node:20-slim AS client
WORKDIR /build/client
COPY client/package.json client/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY client/ ./
RUN npm run build

# The Python packages, into /app/.venv: first what changes seldom, then the project.
FROM python:3.11-slim AS python
RUN pip install --no-cache-dir 'uv>=0.9'
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE hatch_build.py ./
RUN uv sync --locked --extra aws --no-install-project
COPY pixels pixels
COPY pixels_core pixels_core
COPY pixels_api pixels_api
COPY pixels_ws pixels_ws
RUN uv sync --locked --extra aws

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Pixels" \
      org.opencontainers.image.description="A self-hosted, real-time shared pixel canvas" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin pixels \
    && install -d -o pixels -g pixels /data
WORKDIR /app
COPY --from=python /app /app
COPY --from=client /build/pixels/web pixels/web
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER pixels
EXPOSE 8000
VOLUME /data
# SIGTERM starts the graceful goodbye of SPEC.md; the shell form would swallow it.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["pixels", "serve", "--host", "0.0.0.0", "--data", "/data"]
