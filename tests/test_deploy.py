"""The image's steps, the proxy's rules, and what is said about weaknesses of packages."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchmarks.servers import HOST, free_port, served
from deploy import two_replicas
from deploy.two_replicas import COOKIE, TEMPLATE, NoNginx, filled, site, status, survive
from scripts import audit, healthy

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def steps():
    """The lines of the Dockerfile as (instruction, rest), continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def rest_of(instruction):
    return [rest for name, rest in steps() if name == instruction]


def recipe(target):
    """The commands of a target of the Makefile, without its variables' defaults."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.MULTILINE)
    return [line.strip().removeprefix("@") for line in found[1].splitlines()]


def command_of(text):
    return re.search(r"\[.*\]", text)[0]


# The image


def test_the_image_installs_its_packages_as_make_run_does():
    (makes,) = recipe("setup")

    assert makes.replace("'$(PYTHON)'", "python3") in rest_of("RUN")


def test_the_image_serves_what_make_run_serves():
    command = YAML(typ="safe").load(command_of(rest_of("CMD")[0]))
    (served_by_make,) = recipe("run")

    words = shlex.split(served_by_make.replace("$(PY)", ".venv/bin/python").replace("$(PORT)", "8501"))
    assert words[: len(command)] == command
    # What make says after that, the image's environment and the configuration file say.
    assert dict(zip(words[len(command) :: 2], words[len(command) + 1 :: 2], strict=True)) == {
        "--server.address": HOST,
        "--server.port": "8501",
        "--server.headless": "true",
    }
    environment = " ".join(rest_of("ENV"))
    assert "STREAMLIT_SERVER_ADDRESS=0.0.0.0" in environment
    assert "STREAMLIT_SERVER_PORT=8501" in environment
    assert "headless = true" in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def test_all_that_the_image_copies_is_there_and_the_set_up_needs_no_more():
    copied = [source for rest in rest_of("COPY") for source in rest.split()[:-1]]
    before = copied[: copied.index(".")]

    assert all((ROOT / source).exists() for source in copied)
    needed = set(re.findall(r"requirements[-a-z]*\.txt", (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")))
    assert needed <= set(before)


def test_the_image_holds_what_serves_and_nothing_else_of_the_folder():
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    let_in = {line[1:] for line in lines if line.startswith("!")}
    product = {"app.py", "server.py", "pages", "report", "costmodel", "pricing", "addresses", ".streamlit/config.toml"}
    copied = {source for rest in rest_of("COPY") for source in rest.split()[:-1]} - {".", "scripts/"}
    commands = {*re.findall(r"scripts/\w+\.\w+", (DEPLOY / "Dockerfile").read_text("utf-8"))}

    assert lines[0] == "*"
    assert product | copied | commands <= let_in
    assert all((ROOT / each).exists() for each in let_in)
    assert {each.split("/")[0] for each in let_in}.isdisjoint({".git", ".venv", "tests", "deploy", "benchmarks"})


def test_what_the_server_imports_comes_into_the_image():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    ours = {each.stem if each.suffix == ".py" else each.name for each in ROOT.iterdir() if each.name[0] not in "._"}
    imported = set()
    for file in [ROOT / each for each in let_in]:
        for source in [file] if file.suffix == ".py" else file.rglob("*.py") if file.is_dir() else []:
            for node in ast.walk(ast.parse(source.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    imported.add(node.module.split(".")[0])
                elif isinstance(node, ast.Import):
                    imported |= {each.name.split(".")[0] for each in node.names}

    assert imported & ours <= {Path(each).stem if each.endswith(".py") else each for each in let_in}


def test_the_image_runs_as_nobody_in_particular():
    names = [name for name, _ in steps()]

    assert rest_of("USER") == ["10001"]
    assert names.index("USER") > max(index for index, name in enumerate(names) if name in ("RUN", "COPY"))
    assert "ADD" not in names
    assert "ARG" not in names


def test_the_health_check_of_the_image_knows_a_server_that_is_well_from_none(tmp_path, monkeypatch, capsys):
    command = YAML(typ="safe").load(command_of(rest_of("HEALTHCHECK")[0]))
    assert command == [".venv/bin/python", "scripts/healthy.py"]

    port = free_port()
    environment = {**os.environ, healthy.PORT: str(port)}
    with served("server.py", tmp_path / "log.txt", port=port):
        told = subprocess.run([sys.executable, ROOT / command[1]], env=environment, capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (0, b"")

    monkeypatch.setenv(healthy.PORT, str(port))
    assert healthy.main() == 1
    assert f"http://127.0.0.1:{port}/_stcore/health" in capsys.readouterr().err


# Compose and the proxy


def compose():
    return YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]


def test_the_two_replicas_may_write_nowhere_and_have_no_rights():
    for name in ("replica-a", "replica-b", "proxy"):
        service = compose()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service or service["ports"] == [f"{HOST}:8080:8080"]


def test_the_proxy_is_told_everything_that_its_template_asks_for():
    environment = compose()["proxy"]["environment"]
    asked = set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE.read_text(encoding="utf-8")))

    assert set(environment) == asked
    for letter in "AB":
        replica = compose()[environment[f"HOST_{letter}"]]
        assert replica["environment"]["STREAMLIT_SERVER_PORT"] == environment[f"PORT_{letter}"]
    assert environment["PORT_A"] != environment["PORT_B"]


def test_the_addresses_of_the_replicas_are_fixed_and_lie_in_their_network():
    whole = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    (network,) = whole["networks"]["default"]["ipam"]["config"]
    start = network["subnet"].removesuffix(".0/28")
    places = [compose()[name]["networks"]["default"]["ipv4_address"] for name in ("replica-a", "replica-b")]

    assert [place.removeprefix(f"{start}.") for place in places] == ["11", "12"]  # of 14


def test_uploads_pass_the_proxy_as_large_as_the_app_takes_them():
    most = int(re.search(r"maxUploadSize = (\d+)", (ROOT / ".streamlit/config.toml").read_text("utf-8"))[1])
    passed = int(re.search(r"client_max_body_size (\d+)m;", TEMPLATE.read_text("utf-8"))[1])

    assert most < passed <= most + 2


def test_a_name_that_nobody_gave_a_value_is_an_error_and_not_an_empty_line():
    assert filled("listen ${LISTEN}; $host ${LISTEN}", {"LISTEN": 80}) == "listen 80; $host 80"
    with pytest.raises(KeyError):
        filled("listen ${LISTEN};", {})


def test_without_nginx_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setattr(two_replicas.shutil, "which", lambda _: None)
    monkeypatch.setattr(two_replicas, "NGINX_PLACES", ())

    with pytest.raises(NoNginx, match="apt-get install -y nginx-light"):
        two_replicas.nginx()


# The proxy itself, where there is one


@pytest.fixture(scope="module")
def whole():
    try:
        two_replicas.nginx()
    except NoNginx:
        pytest.skip("nginx is not installed: sudo apt-get install -y nginx-light")
    with site() as found:
        yield found


def answered(address, cookie=""):
    asked = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        told = [each for each in answer.headers.get_all("Set-Cookie", []) if each.startswith(COOKIE)]
        return answer.headers["X-Replica"], tuple(told)


@pytest.mark.parametrize("replica", ["a", "b"])
def test_who_has_been_with_a_replica_stays_with_it(whole, replica):
    seen = {answered(f"{whole.url}/_stcore/health", f"{COOKIE}={replica}") for _ in range(6)}

    assert seen == {(replica, ())}


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=nonsense", f'{COOKIE}="; a'])
def test_a_newcomer_is_told_which_replica_is_his(whole, cookie):
    replica, told = answered(f"{whole.url}/", cookie)

    assert replica in ("a", "b")
    assert told == (f"{COOKIE}={replica}; Path=/; HttpOnly; SameSite=Lax",)


def test_behind_something_that_ends_tls_the_cookie_works_in_a_frame(whole):
    asked = urllib.request.Request(f"{whole.url}/", headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        (told,) = [each for each in answer.headers.get_all("Set-Cookie", []) if each.startswith(COOKIE)]

    assert told.endswith("; Path=/; HttpOnly; SameSite=None; Secure; Partitioned")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", 200),
        ("/uncertainty", 200),
        (f"/?s={'a' * 8_000}", 200),
        (f"/?s={'a' * 20_000}", 414),
        ("/_stcore/health", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/metrics?families=active_sessions", 404),
        ("/_stcore/%6Detrics", 404),
        ("//_stcore//metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
    ],
)
def test_the_proxy_passes_pages_on_and_keeps_the_rest(whole, path, expected):
    assert status(f"{whole.url}{path}") == expected


def test_a_large_body_is_refused_where_none_is_expected(whole):
    assert status(f"{whole.url}/_stcore/health", method="POST", data=b"x" * 100_000) == 413


def test_the_log_has_paths_and_no_scenarios(whole):
    status(f"{whole.url}/uncertainty?s=secret-scenario")
    log = (whole.folder / "access.log").read_text(encoding="utf-8")

    assert " GET /uncertainty 200 " in log
    assert "secret-scenario" not in log


def test_a_killed_replica_costs_its_visitor_one_connection_and_nothing_that_the_link_carries(whole):
    found = asyncio.run(survive(whole))

    assert (found.before, found.after, found.tries) == ("a", "b", 1)
    assert found.headline == found.headline_after != ""
    assert not found.others_noticed


# Published weaknesses


def package(name, *ids, **more):
    return {"name": name, "version": "1.0", "vulns": [{"id": each, "fix_versions": ["1.1"]} for each in ids], **more}


def test_an_audit_without_a_finding_says_how_many_packages_it_is_about():
    found = audit.outcome([package("one"), package("two")])

    assert found == audit.Outcome(0, "None of 2 pinned packages has a published weakness.")


def test_a_weakness_is_named_with_the_version_that_mends_it():
    found = audit.outcome([package("one"), package("two", "PYSEC-1")])

    assert found.status == 1
    assert "two 1.0: PYSEC-1, mended in 1.1" in found.words


@pytest.mark.parametrize("report", [[], [{"name": "one", "skip_reason": "not found"}, package("two")]])
def test_what_could_not_be_looked_up_is_no_clean_bill(report):
    found = audit.outcome(report)

    assert found.status == 2
    assert found.words.startswith("No verdict")


def test_the_first_package_that_is_asked_about_is_a_pinned_one():
    assert audit.first_pinned("# a == b\n-r other.txt\none==1.0   # why\ntwo==2.0\n") == "one==1.0"
