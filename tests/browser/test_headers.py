"""What the server sends along with every page."""

import pytest


@pytest.mark.parametrize("path", ["/", "/prices", "/_stcore/health", "/no-such-page", "/static/no-such-file.js"])
def test_every_answer_carries_the_security_headers(server, page, path):
    headers = page.request.get(f"{server}{path}").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))

    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "unsafe-inline" not in policy["script-src"]
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/chart/components.svg", "/chart/nothing.svg", "/report.csv?s=broken"])
def test_a_file_at_a_plain_address_may_do_even_less(server, page, path):
    headers = page.request.get(f"{server}{path}").headers

    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-security-policy"].endswith("frame-ancestors 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_page_of_another_site_may_not_connect(server, page):
    answer = page.request.get(f"{server}/_stcore/host-config", headers={"Origin": "http://elsewhere.example"})

    assert "access-control-allow-origin" not in answer.headers


def test_a_link_longer_than_any_scenario_is_answered_and_not_run(server, page):
    answer = page.request.get(f"{server}/?s={'a' * 20_000}")

    assert answer.status < 500
