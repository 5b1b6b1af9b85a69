"""Somebody signs up, reads, changes and signs out by the client that is generated from the document."""

import base64
import http
import sys
import uuid

from cardea_client import AuthenticatedClient, Client, models
from cardea_client.api.notes import get_v1_me_notes, get_v1_me_notes_id, get_v1_me_notes_id_image, post_v1_me_notes
from cardea_client.api.oneself import get_v1_me, get_v1_me_sessions, patch_v1_me
from cardea_client.api.signing_in import post_v1_signout, post_v1_signup

URL = sys.argv[1]
PASSWORD = "a river of nine lanterns"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def sign_up():
    """The account, its access token and its cookies, which httpx would keep from an address without TLS."""
    anybody = Client(base_url=URL, raise_on_unexpected_status=True)
    refused = post_v1_signup.sync(client=anybody, body=models.SignUp(name="Bob Roe", uid="bob", password="too short"))
    assert isinstance(refused, models.PostV1SignupResponse422), refused
    assert refused.code is models.PostV1SignupResponse422Code.VALIDATION_FAILED
    assert refused.errors[0].pointer == "/password"
    answer = post_v1_signup.sync_detailed(client=anybody,
                                          body=models.SignUp(name="Bob Roe", uid="bob", password=PASSWORD))
    assert answer.status_code == http.HTTPStatus.CREATED
    assert isinstance(answer.parsed, models.SignedIn), answer
    cookies = "; ".join(each.split(";")[0] for each in answer.headers.get_list("Set-Cookie"))
    return answer.parsed.user, answer.parsed.access_token, cookies


def change(bob, account):
    read = get_v1_me.sync_detailed(client=bob)
    assert read.parsed.id == account.id and read.parsed.created_at == account.created_at
    etag = read.headers["ETag"]
    assert get_v1_me.sync_detailed(client=bob, if_none_match=etag).status_code == http.HTTPStatus.NOT_MODIFIED
    changed = patch_v1_me.sync(client=bob, if_match=etag, body=models.ProfilePatch(name="Bob B. Roe"))
    assert isinstance(changed, models.Account) and changed.name == "Bob B. Roe", changed
    late = patch_v1_me.sync(client=bob, if_match=etag, body=models.ProfilePatch(name="Another"))
    assert isinstance(late, models.PatchV1MeResponse412), late
    assert late.code is models.PatchV1MeResponse412Code.PRECONDITION_FAILED


def keep_notes(bob):
    for note in ("Buy milk", "Buy bread", "Buy tea"):
        made = post_v1_me_notes.sync(client=bob, body=models.NewNote(note=note, image=PIXEL))
        assert isinstance(made, models.Note), made
    again = {"client": bob, "body": models.NewNote(note="Buy salt"), "idempotency_key": str(uuid.uuid4())}
    once, twice = post_v1_me_notes.sync_detailed(**again), post_v1_me_notes.sync_detailed(**again)
    assert twice.headers["Idempotency-Replayed"] == "true" and twice.parsed.id == once.parsed.id
    image = get_v1_me_notes_id_image.sync_detailed(made.id, client=bob)
    assert image.content == base64.b64decode(PIXEL)
    page = get_v1_me_notes.sync(client=bob, limit=2)
    assert isinstance(page, models.NotePage) and page.has_more, page
    rest = get_v1_me_notes.sync(client=bob, limit=2, cursor=page.next_cursor)
    assert [each.note for each in page.data + rest.data] == ["Buy salt", "Buy tea", "Buy bread", "Buy milk"]
    missing = get_v1_me_notes_id.sync("not_00000000000000000000000000", client=bob)
    assert missing.code is models.GetV1MeNotesIdResponse404Code.NOT_FOUND


def sign_out(bob, cookies):
    refused = get_v1_me_sessions.sync(client=bob)
    assert refused.code is models.GetV1MeSessionsResponse403Code.SESSION_COOKIE_REQUIRED
    by_cookie = Client(base_url=URL, headers={"Cookie": cookies}, raise_on_unexpected_status=True)
    assert [each.current for each in get_v1_me_sessions.sync(client=by_cookie).data] == [True]
    assert post_v1_signout.sync_detailed(client=by_cookie).status_code == http.HTTPStatus.NO_CONTENT
    for client in (bob, by_cookie):
        after = get_v1_me.sync(client=client)
        assert isinstance(after, models.GetV1MeResponse401), after
        assert after.code is models.GetV1MeResponse401Code.UNAUTHENTICATED


account, token, cookies = sign_up()
bob = AuthenticatedClient(base_url=URL, token=token, raise_on_unexpected_status=True)
change(bob, account)
keep_notes(bob)
sign_out(bob, cookies)
