# The one image of all Cloud Run services. FUNCTION_TARGET and FUNCTION_SOURCE, which terraform/gcp/services.tf sets, say
# which service a process is; PORT and THREADS are read, too. tests/deploy/test_dockerfile.py goes through these steps.

# Its base is named by a tag, which takes in Debian's mendings; every build is scanned. By digest, for builds that are
# the same for ever: `docker buildx imagetools inspect python:3.12-slim-bookworm`, then `python@sha256:…` in both lines.
FROM python:3.12-slim-bookworm AS made
WORKDIR /app
COPY requirements.txt constraints.txt ./
# Wheels alone, but for the fonts, which come as a source archive. What only a laptop or Azure needs stays out.
RUN grep -vE '^(granian|duckdb|sqlglot|rich|azure-functions|azure-data-tables)==' requirements.txt > /packages.txt \
 && python -m pip install --quiet --no-cache-dir --disable-pip-version-check --only-binary=:all: --no-binary=font-roboto \
    --target /packages -c constraints.txt -r /packages.txt
COPY functions functions
COPY shared shared
COPY triggers triggers
# Compiled once here, not by every instance that starts; nobody changes a source in an image.
RUN python -m compileall -q --invalidation-mode unchecked-hash functions shared \
 && rm requirements.txt constraints.txt

FROM python:3.12-slim-bookworm
COPY --from=made /packages /packages
COPY --from=made /app /app
WORKDIR /app
ENV PYTHONPATH=/app:/packages PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
ENTRYPOINT ["python", "-m", "functions_framework"]
