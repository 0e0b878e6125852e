# One image for every process of Dialtone: run.py starts all of them, or those named.
#
#   docker build -t dialtone .
#   docker run --read-only --tmpfs /tmp -v dialtone:/data -p 127.0.0.1:8000:8000 dialtone
#
# Without settings this is the demo clinic, with keys of its own in /data and a telephone
# at /simulator. docker-compose.yml is for a clinic.
#
# The tag moves with Python's and Debian's security releases. Where a build must be the
# same to the byte, give the digest that `docker buildx imagetools inspect` prints:
#   docker build --build-arg PYTHON=python:3.11-slim-bookworm@sha256:... .
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS python
WORKDIR /opt/dialtone

# The two environments, by the Makefile's own rules, from hash-pinned requirements alone.
FROM python AS environments
# Tools of the build; Debian keeps one version of each. One package (multidict 5, which
# Rasa's Sanic asks for) is compiled: it has no wheel for Python 3.11.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev make \
    && rm -rf /var/lib/apt/lists/*
# Compiled now, since nothing can be written later, and by content and not by date, since
# a copied layer may have other dates.
ENV UV_COMPILE_BYTECODE=1 \
    PYC_INVALIDATION_MODE=UNCHECKED_HASH \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
COPY Makefile ./
COPY requirements requirements
RUN make .venv-rasa/.rasa
# Two layers, so that a newer app does not fetch Rasa again.
# hadolint ignore=DL3059
RUN make .venv-app/.app

# The dialogue model, trained here so that starting needs no training. Only what it is
# made of is copied: new wordings or rules of the portal train nothing.
FROM environments AS model
COPY locales/__init__.py locales/phrases.py locales/
COPY locales/phrases locales/phrases
COPY nlu nlu
RUN make model

FROM python
# Numbers and not names: a host can tell that this is not root.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dialtone \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
ENV PATH=/opt/dialtone/.venv-app/bin:$PATH \
    HOME=/tmp \
    DATA_DIR=/data \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=environments /opt/dialtone/.venv-rasa .venv-rasa
COPY --from=environments /opt/dialtone/.venv-app .venv-app
COPY --from=model /opt/dialtone/.models .models
COPY . .
RUN python -m compileall -q --invalidation-mode unchecked-hash \
    ./*.py actions carrier dialogue locales migrations nlu outreach portal simulator sms voice
USER 10001:10001
EXPOSE 8000
# Ready means that a call could be taken: the database, the understanding and the actions
# answer. It covers the web process and what it asks; a container without it has none.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "deploy/ready.py"]
CMD ["python", "run.py", "--host", "0.0.0.0"]
