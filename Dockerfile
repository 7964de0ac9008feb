# Winback with PostgreSQL and Slack. The workspace, a folder with winback.toml, is a volume: docs/operations.md, Containers.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8
WORKDIR /opt/winback
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
COPY examples/data ./examples/data
RUN pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[postgres,slack]'

# The number is what the folders of the host are given to.
RUN useradd --uid 10001 --create-home winback && install -d -o winback -g winback /workspace
USER winback
ENV WINBACK_WORKSPACE=/workspace
WORKDIR /workspace
VOLUME /workspace
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
CMD ["winback", "up", "--log", "json"]
