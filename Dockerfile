ARG PYTHON_VERSION=3.13

# ---- Everything is installed into /opt/plg here, and only that goes on.
FROM python:${PYTHON_VERSION}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/plg \
 && /opt/plg/bin/pip install --no-deps --require-hashes -r requirements.lock \
 && pip install --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY alembic alembic
COPY docs/consumers.md docs/
COPY src src
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/plg/bin/pip install --no-deps dist/*.whl \
 && /opt/plg/bin/pip check \
 && /opt/plg/bin/python -m compileall -q /opt/plg/lib \
 && /opt/plg/bin/pip uninstall --yes pip

FROM python:${PYTHON_VERSION}-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin plg \
 && install -d -o plg -g plg -m 0750 /data
COPY --from=build /opt/plg /opt/plg
ENV PATH=/opt/plg/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    API_HOST=0.0.0.0 \
    API_PORT=9600 \
    DATA_DIR=/data
USER plg
WORKDIR /data
VOLUME /data
EXPOSE 9600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s \
  CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f'http://127.0.0.1:{os.environ[\"API_PORT\"]}/health/live', timeout=2)"]
ENTRYPOINT ["plg"]
CMD ["serve"]
