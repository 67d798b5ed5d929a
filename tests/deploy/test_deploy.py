"""What lies in `deploy` works: the unit, the image, the proxies."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.shape.source import ROOT

DEPLOY = ROOT / "deploy"
CLI = (sys.executable, "-c", "from hotspring.cli import main; main()")


# The unit


def unit() -> dict[str, str]:
    lines = (DEPLOY / "hotspring.service").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_unit_is_hardened_and_waits_until_all_is_kept() -> None:
    told = unit()
    assert told["DynamicUser"] == "yes"
    assert told["ProtectSystem"] == "strict"
    assert "/var/lib/hotspring" in told["ReadWritePaths"]
    assert told["Restart"] == "on-failure"
    # The owner gets SIGTERM and tells the door; both have more than the ten seconds they promise.
    assert (told["KillSignal"], told["KillMode"]) == ("SIGTERM", "mixed")
    assert int(told["TimeoutStopSec"]) >= 30
    assert "--host 127.0.0.1" in told["ExecStart"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "hotspring.service").read_text("utf-8")
    file = tmp_path / "hotspring.service"
    file.write_text(text.replace("/opt/hotspring/bin/hotspring", "/bin/true"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True
    )
    # What it says of other units of the machine is none of our business.
    ours = [line for line in told.stderr.splitlines() if "hotspring" in line]
    assert ours == []


# The image


def test_the_image_runs_as_nobody_and_from_what_it_is_given() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] == "10001:10001"
    assert "/health/ready" in text
    assert text.count("\nFROM ") == 2
    for names in re.findall(r"^COPY (?!--from)(.+)", text, re.MULTILINE):
        for name in names.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{name}" in ignore, name


def test_compose_opens_nothing_to_the_world() -> None:
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    service = told["services"]["hotspring"]
    assert service["ports"] == ["127.0.0.1:8765:8765"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["stop_grace_period"] == "60s"
    assert {volume.split(":")[0] for volume in service["volumes"]} == set(told["volumes"])
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()


# The proxies


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[int, str, str]]:
    """Port, write key and admin token of a server behind a proxy."""
    made = subprocess.run(
        [*CLI, "source", "create", "shop", "--data", str(folder), "--json"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    process = subprocess.Popen(
        [*CLI, "serve", "--data", str(folder), "--port", "0", "--set", "trust_forwarded_for=true"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2])
        token = json.loads((folder / "run/server.json").read_text())["token"]
        yield port, json.loads(made.stdout)["write_key"], token
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@contextlib.contextmanager
def proxied(folder: Path, behind: int) -> Iterator[httpx.Client]:
    """A client of nginx with the site of `deploy` in front of a server."""
    port, site = free_port(), (DEPLOY / "nginx.conf").read_text("utf-8")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=pool.example", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", folder / "key", "-out", folder / "crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = site.replace("listen 443", f"listen 127.0.0.1:{port}")
    site = site.replace("127.0.0.1:8765", f"127.0.0.1:{behind}")
    site = site.replace("/etc/nginx/pool.example.", f"{folder}/")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "main.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{places}{site}}}\n"
    )
    nginx = subprocess.Popen(
        ["nginx", "-c", str(main), "-p", str(folder), "-e", str(folder / "error.log")],
        stderr=subprocess.DEVNULL,
    )
    trusted = ssl.create_default_context(cafile=str(folder / "crt"))
    try:
        with httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=trusted, trust_env=False, timeout=60
        ) as client:
            end = time.monotonic() + 60
            while time.monotonic() < end and nginx.poll() is None:
                with contextlib.suppress(httpx.TransportError):
                    client.get("/health/live")
                    break
                time.sleep(0.05)
            yield client
    finally:
        nginx.terminate()
        nginx.wait(60)


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_a_pool_behind_nginx_with_tls(tmp_path: Path) -> None:
    (tmp_path / "nginx").mkdir()
    with (
        served(tmp_path / "pool") as (port, key, token),
        proxied(tmp_path / "nginx", port) as client,
    ):
        event = {"type": "track", "event": "A", "messageId": "m", "userId": "u"}
        sent = client.post("/v1/batch", json={"batch": [event]}, auth=(key, ""))
        assert sent.json()["accepted"] == 1, sent.text
        told = client.get(f"/v1/projects/{key}/settings").json()["integrations"]["Segment.io"]
        assert told["protocol"] == "https"
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/status", headers=bearer).status_code == 200
        assert client.get("/api/status").status_code == 401
        assert client.get("/metrics", headers=bearer).status_code == 404
        made = client.post("/api/users", headers=bearer, json={"name": "ann", "role": "viewer"})
        welcome = {"link": made.json()["link"], "password": "tea at noon, twice"}
        ours = {"Origin": f"https://127.0.0.1:{client.base_url.port}"}
        signed = client.post("/api/session/welcome", json=welcome, headers=ours)
        assert signed.status_code == 200, signed.text
        assert "; secure" in signed.headers["set-cookie"].lower()
        assert client.get("/api/status").status_code == 200  # by the cookie
        assert client.delete("/api/session/others", headers=ours).status_code == 403
        word = {**ours, "X-CSRF-Token": signed.json()["csrf"]}
        assert client.delete("/api/session", headers=word).status_code == 204
        assert (
            client.post("/v1/batch", content=b" " * (11 << 20), auth=(key, "")).status_code == 413
        )
        note = "x" * 1000
        rows = "order_id,user_id,time,amount,note\n" + f"1,u,2026-01-01,5,{note}\n" * 12_000
        big = client.post(
            "/api/imports", params={"preset": "orders", "name": "x.csv", "dry_run": True},
            content=rows.encode(), headers=bearer,
        )  # fmt: skip
        assert len(rows) > 11 << 20
        assert big.status_code == 202, big.text
        # A proxy on this machine that says nothing but for whom it asks is still a proxy.
        straight = f"http://127.0.0.1:{port}/metrics"
        assert httpx.get(straight, trust_env=False, timeout=60).status_code == 200
        passed_on = httpx.get(
            straight, headers={"X-Forwarded-For": "::1"}, trust_env=False, timeout=60
        )
        assert passed_on.status_code == 401
