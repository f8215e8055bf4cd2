"""Checks of schemathesis: a server error that is not an honest NotSimulated, and a Graph error without code or message."""

import schemathesis


@schemathesis.check
def honest_server_errors(context, response, case):
    if response.status_code >= 500:
        error = response.json()["error"]
        assert response.status_code == 501 and error["code"] == "NotSimulated", f"{response.status_code} {error}"


@schemathesis.check
def errors_in_graphs_shape(context, response, case):
    if 400 <= response.status_code < 600:
        error = response.json()["error"]
        assert error["code"] and isinstance(error["message"], str), error
        assert response.headers.get("request-id"), "an error without a request-id"
