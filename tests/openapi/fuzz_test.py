"""Whether a real server answers as its OpenAPI document says, whatever is sent to it (schemathesis)."""

import collections
import json
import subprocess
import unittest

from support import BUILT, PROGRAM, ServerCase, install_python

BUDGETS = ("SIGNIN_ACCOUNT", "SIGNIN_DEVICE", "SIGNIN_ADDRESS", "SIGNIN_WHOLE", "SIGNIN_RIGHT", "SIGNIN_ACCOUNT_WHOLE",
           "SIGNIN_RIGHT_ADDRESS", "SIGNUP_ADDRESS", "SIGNUP_WHOLE", "EMAIL_CHANGE", "PROFILE_CHANGE", "PASSWORD_RESET_REQUEST",
           "PASSWORD_RESET_ADDRESS", "EMAIL_LINK", "EMAIL_CODE", "EMAIL_RESEND", "EMAIL_CODE_SEND", "EMAIL_CODE_REQUEST",
           "SIGNIN_CODE", "SIGNIN_CODE_DEVICE", "SIGNIN_SECRET", "SMS_NUMBER", "SMS_BLOCK", "SMS_NETWORK",
           "ACCOUNT_EXPORT")
# What only a letter, an authenticator or a sign-in that waits for them lets succeed: the tests of the API have those.
NEEDS_WHAT_A_FUZZER_LACKS = {
    "POST /v1/signin/restore", "POST /v1/users/{id}/restore",
    "POST /v1/signin/{method}", "POST /v1/signin/enrol/totp", "POST /v1/signin/enrol/totp/confirm",
    "POST /v1/me/totp/confirm", "DELETE /v1/me/totp", "POST /v1/me/recovery-codes",
    "POST /v1/me/sms", "POST /v1/me/sms/confirm", "DELETE /v1/me/sms", "POST /v1/sms/send",
    "DELETE /v1/me/password", "GET /v1/me/passkeys/{id}", "PATCH /v1/me/passkeys/{id}", "DELETE /v1/me/passkeys/{id}",
    "POST /v1/passkeys/authenticate", "POST /v1/passkeys/register",
    "POST /v1/recover/complete", "POST /v1/verify", "POST /v1/verify/link", "POST /v1/verify/resend",
    "POST /v1/verify/signin", "POST /v1/verify/signin/address", "POST /v1/verify/signin/continue",
    "POST /v1/verify/signin/resend", "POST /v1/email-code/signin", "POST /v1/email-code/signin/complete",
    "POST /v1/email-code/second-factor", "POST /v1/me/email-code", "POST /v1/me/email-code/confirm",
    "DELETE /v1/me/email-code",
}


class Fuzz(ServerCase):
    # What is refused for coming too often shows nothing.
    settings = {f"CARDEA_THROTTLE__{name}__FREE": "1000000" for name in BUDGETS} | {
        "CARDEA_SERVER__TRUSTED_PROXIES": "127.0.0.1/32", "CARDEA_TOKEN__AUDIENCES": "https://api.example.com"}

    @classmethod
    def setUpClass(cls):
        install_python()
        super().setUpClass()
        cls.document = json.loads(cls.file.read_text())

    def fuzz(self, who, *words, document="openapi.json"):
        """What schemathesis ended with and said, and the statuses that each operation was answered with."""
        calls = BUILT / f"calls-{who}.tsv"
        done = subprocess.run(
            ["venv/bin/schemathesis", "--config-file", "schemathesis.toml", "run", document, "--url", self.url,
             "--generation-deterministic", "--continue-on-failure", "--no-color", *words],
            cwd=BUILT, capture_output=True, text=True, check=False, timeout=300,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(BUILT), "FUZZ_URL": self.url, "FUZZ_AS": who,
                 "FUZZ_CALLS": str(calls), "FUZZ_DATA": self.data, "FUZZ_PROGRAM": str(PROGRAM)})
        statuses = collections.defaultdict(collections.Counter)
        for line in calls.read_text().splitlines():
            operation, status = line.split("\t")
            statuses[operation][int(status)] += 1
        return done.returncode, done.stdout + done.stderr, statuses

    def expect_nothing(self, who, *words):
        code, said, statuses = self.fuzz(who, *words)
        self.assertEqual(code, 0, said)
        limited = [operation for operation, counts in statuses.items() if counts[429]]
        self.assertEqual(limited, [], "the budgets of this test are too small")
        return statuses

    def test_what_a_session_is_answered_is_described(self):
        statuses = self.expect_nothing("session", "--max-examples", "20")
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                name = f"{method.upper()} {path}"
                success = min(int(status) for status in operation["responses"])
                with self.subTest(operation=name):
                    if name not in NEEDS_WHAT_A_FUZZER_LACKS:
                        self.assertGreater(statuses[name][success], 0, dict(statuses[name]))

    def test_what_an_access_token_is_answered_is_described(self):
        self.expect_nothing("token", "--phases", "coverage,fuzzing", "--max-examples", "6", "--exclude-path-regex",
                            "^/api/")

    def test_what_nobody_is_answered_is_described(self):
        self.expect_nothing("nobody", "--phases", "coverage,fuzzing", "--max-examples", "6")

    def test_the_fuzzer_notices_what_is_wrong(self):
        paths = self.document["paths"]
        del paths["/v1/me"]["patch"]["responses"]["412"]
        paths["/v1/users"]["get"]["security"] = [{"session": []}]
        page = self.document["components"]["schemas"]["SessionList"]["properties"]
        page["data"]["type"] = "string"
        (BUILT / "wrong.json").write_text(json.dumps(self.document))
        code, said, _ = self.fuzz("session", "--max-examples", "5", "--phases", "examples,coverage", "--include-path",
                                  "/v1/me", "--include-path", "/v1/users", "--include-path", "/v1/me/sessions",
                                  document="wrong.json")
        self.assertEqual(code, 1, said)
        for finding in ("Undocumented status code", "API accepts requests without authentication",
                        "Response violates schema"):
            self.assertIn(finding, said)


if __name__ == "__main__":
    unittest.main()
