"""What is said about every error, by code: first what is wrong, then what to do about it.

The first sentence ends at the first full stop with a blank after it; what follows is shown to
programs as the ``cure``. Translations keep to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from triage.messages.staff import STAFF_ERRORS
from triage.messages.workbench import WORKBENCH_ERRORS

_REQUEST = {
    "request.too_large": "The request is larger than {limit_mb} MB. Send fewer or smaller files.",
    "request.cut_short": "The request ended before all of it had arrived. Send it again.",
    "request.compressed": "A compressed body is not accepted. Send it without Content-Encoding.",
    "request.wrong_type": "This type of body is not accepted here. Set Content-Type to one of: "
    "{allowed}.",
    "json.malformed": "The body is not valid JSON. Check the quotes, commas and brackets; NaN and "
    "Infinity are not JSON.",
    "json.not_utf8": "The body is not text in UTF-8. Encode it in UTF-8.",
    "json.not_an_object": "The body is not a JSON object. Send one object with the fields in it.",
    "upload.no_boundary": "The header Content-Type names no boundary. Let the HTTP client set this "
    "header by itself.",
    "upload.no_start": "The first boundary of the form is not there. Check that the boundary in "
    "Content-Type is the one in the body and that lines end with CR LF.",
    "upload.no_end": "The closing boundary of the form is not there. Send the whole form again.",
    "upload.malformed": "The form is not valid multipart/form-data. Lines must end with CR LF, and "
    "a part's headers must be short.",
    "upload.part_without_name": "A part of the form has no name. Give every part a "
    "Content-Disposition header with a name.",
    "upload.transfer_encoding": "The part {field} has a Content-Transfer-Encoding, as in e-mail. "
    "Send its bytes as they are.",
    "upload.too_many_parts": "The form has more than {limit} parts. Send fewer files at once.",
    "upload.unknown": "There is no such upload. It was removed, or begun by another sender: begin "
    "again.",
    "upload.expired": "The time of this upload is over; it was kept for {limit} hours. Choose the "
    "file again.",
    "upload.busy": "This file is being sent already, in another window or by a connection that has "
    "not ended yet. Try again in a few seconds.",
    "upload.wrong_offset": "The upload goes on at {limit}, not at {measured}. Ask for the offset "
    "with HEAD and go on from there.",
    "upload.checksum": "The bytes have changed on the way. Send the same piece again.",
    "upload.version": "This version of the protocol is not known. Set Tus-Resumable to {limit}.",
    "upload.wrong_type": "This type of body is not accepted here. Set Content-Type to {allowed}.",
    "upload.no_number": "The header {field} is missing or not a whole number. Send it with a "
    "number of bytes.",
    "upload.bad_metadata": "The header {field} cannot be read. It holds names, each with a blank "
    "and a text in Base64, divided by commas.",
    "upload.unknown_kind": "The header {field} names no kind of evidence. Set kind to one of: "
    "{allowed}.",
    "upload.checksum_unknown": "This kind of checksum is not known. Use one of: {allowed}.",
    "upload.bad_checksum": "The header {field} cannot be read. It holds an algorithm, a blank and "
    "a digest in Base64.",
    "upload.too_much": "All files together are larger than {limit_mb} MB. Remove one, or send a "
    "shorter video.",
    "draft.unknown": "This form is not here any more; a form is kept for seven days. Begin again.",
    "draft.filed": "This complaint was filed already. Add files to it on its status page.",
    "http.not_found": "There is nothing at this address. The addresses are described at /docs.",
    "http.method_not_allowed": "The method {method} is not possible at this address. Use one of: "
    "{allowed}.",
    "http.bad_request": "The request cannot be understood. Compare it with the description at "
    "/docs.",
    "server.failed": "Something went wrong on our side. Try again; if it happens once more, tell "
    "the administrator the number {error_id}.",
}

_FIELDS = {
    "field.missing": "The field {field} is missing. Fill it in.",
    "field.blank": "The field {field} is empty. Write something in it.",
    "field.unknown": "There is no field {field} here. Remove it or use one of: {allowed}.",
    "field.misspelt": "There is no field {field} here. Perhaps {suggestion} was meant?",
    "field.repeated": "The field {field} is there more than once. Send it once.",
    "field.too_long": "The field {field} has {measured} characters, more than {limit}. Shorten it.",
    "field.too_large": "The field {field} is larger than {limit} bytes. Shorten it.",
    "field.not_utf8": "The field {field} is not text in UTF-8. Encode it in UTF-8.",
    "field.not_text": "The field {field} is not text. Put its value in quotes.",
    "field.bad_character": "The field {field} holds a character that cannot be stored. Remove null "
    "characters and halves of characters.",
    "field.not_one_of": "The field {field} has an unknown value. Use one of: {allowed}.",
    "field.not_a_list": "The field {field} is not a list. Put its values in square brackets.",
    "field.too_many": "The field {field} has {measured} values, more than {limit}. Send fewer.",
    "field.too_few": "The field {field} has fewer values than {limit}. Name at least so many.",
    "field.not_an_id": "The field {field} is not an id of ours. Copy the id from our answer.",
    "field.not_true_or_false": "The field {field} is neither true nor false. Write true or false.",
    "field.out_of_range": "The field {field} is not a whole number from {low} to {limit}. "
    "Correct it.",
    "field.not_a_date": "The field {field} is not a date. Write year, month and day like this: "
    "2026-11-22.",
    "field.date_out_of_range": "The date in {field} is not between {low} and {limit}. "
    "Check the year.",
    "field.in_future": "The date in {field} is later than today ({limit}). Correct it.",
    "field.not_an_amount": "The field {field} is not an amount. Write tenge in digits, with a "
    "point before the tiyn: 14990.50.",
    "field.too_many_decimals": "The amount in {field} has more than {limit} decimals. Round it.",
    "field.amount_out_of_range": "The amount in {field} must be above 0 and at most {limit} tenge. "
    "Correct it.",
    "field.not_an_order_number": "The field {field} is not an order number of {low} to {limit} "
    "digits. Copy the number from the order.",
    "field.not_a_phone": "The field {field} is not a phone number. Write it with a plus and the "
    "country's code: +7 777 123 45 67.",
    "field.not_an_email": "The field {field} is not an e-mail address. Write it like "
    "name@example.kz.",
}

_EVIDENCE = {
    "file.too_large": "The file in {field} has {measured_mb} MB, more than {limit_mb} MB. Make it "
    "smaller or shorter and send it again.",
    "evidence.unknown_kind": "There is no kind of evidence called {field}. Name the field of the "
    "file one of: {allowed}.",
    "evidence.none": "There is no file in the request. Attach at least one, in a field that is "
    "named by the kind of evidence.",
    "evidence.not_a_file": "The field {field} holds text, not a file. Send the file itself; with "
    "curl, write @ before its name.",
    "evidence.one_file": "Files are uploaded one at a time here, but {measured} came. Send exactly "
    "one file.",
    "evidence.unknown": "There is no such file for this key. Upload the file and use the id from "
    "the answer.",
    "evidence.already_used": "The file already belongs to a complaint. Upload it again to use it "
    "once more.",
    "evidence.no_preview": "There is no preview of this file. Its findings say what is known "
    "about it.",
    "evidence.no_film": "There is no copy of this file to watch. Look at its first picture, or "
    "download the original.",
    "evidence.no_page": "There is no such page to look at. Go back to the first one, or download "
    "the original.",
    "evidence.locked": "A check found this file dangerous, so it is not handed out. Ask the "
    "administrator if it is needed.",
    "evidence.not_scanned": "This file has not been scanned for malware, so it is not handed out. "
    "Look at the preview, or try again when the scanner is back.",
    "blob.unknown": "The file is not in the store. Tell the administrator, who can restore it from "
    "a backup.",
    "storage.write_failed": "The files cannot be stored right now. Send the same request again in "
    "a few seconds.",
    "storage.read_failed": "The file cannot be read right now. Try again in a few seconds.",
}

_RULEBOOKS = {
    "rulebook.unknown": "There is no rule book {rulebook} here. 'triage rules versions' lists "
    "those that are kept; four characters of a version are enough.",
    "rulebook.ambiguous": "Several rule books begin with {rulebook}. Write more of the version.",
    "rulebook.unreadable": "Rule book {rulebook} was written for another version of Triage and "
    "cannot be read. Use a newer one, or 'folder'.",
    "assessment.unknown": "There is no such round of triage in this case. Leave --round out for "
    "the last one.",
}

_CASES = {
    "submission.no_text": "The complaint has no text. Write what happened.",
    "submission.text_too_long": "The text has {measured} characters, more than {limit}. "
    "Shorten it.",
    "submission.order_unknown": "It is not clear which order this is about. Give order_number, or "
    "seller, amount and order_date together.",
    "submission.too_many_files": "One complaint has room for {limit} files. Send the most "
    "important ones.",
    "submission.not_stored": "The complaint cannot be stored right now. Send the same request "
    "again in a few seconds.",
    "idempotency.bad_key": "The header Idempotency-Key is not made of 1 to {limit} visible ASCII "
    "characters. Use a UUID, for instance.",
    "idempotency.other_request": "This Idempotency-Key already stands for another request. Repeat "
    "that request unchanged, or choose a new key.",
    "idempotency.other_message": "This external_id already stands for another message of the "
    "channel. Repeat that message unchanged, or choose a new external_id.",
    "complaint.unknown": "There is no such complaint. Check its number.",
    "action.unknown": "There is no action {action}. Use one of: {actions}.",
    "action.not_allowed": "The action {action} is not possible in the present state. "
    "Possible are: {actions}.",
    "action.needs_reason": "The reason is missing. Write it so that the customer can follow it.",
    "action.needs_message": "It is not said what the customer should send. Choose kinds of "
    "evidence or write a message.",
    "action.needs_kinds": "No kind of evidence was chosen. Choose at least one.",
    "action.needs_note": "The note is empty. Write something in it.",
    "action.needs_into": "It is not said which complaint this one belongs to. Give the number of "
    "that complaint.",
    "action.needs_category": "It is not said what should change. Give a category or a priority.",
    "action.needs_person": "Only a named person may decide this. Use a key of a person, or name "
    "who decides.",
    "lease.not_yours": "You are not working on this complaint now. Claim it first; what is "
    "possible: {actions}.",
    "lease.not_same_agent": "You decided about this complaint before, so the appeal goes to another"
    " agent. Take the next case.",
    "appeal.too_late": "The time for a repeat appeal ended on {until}. What is still possible "
    "outside this service is written on the status page.",
    "appeal.nothing_new": "It is not said what is new or what was wrong in the decision. Write it "
    "in a few words.",
    "complaint.erased": "This complaint was erased before. There is nothing left to erase.",
    "complaint.visit_over": "This visit is over; it lasted for a day. Open the page again with "
    "the number and the code, or by the link from the receipt.",
    "message.empty": "The message is empty. Write something in it.",
    "message.too_long": "The message has {measured} characters, more than {limit}. Shorten it.",
    "message.closed": "The complaint is closed, so messages no longer reach an agent. If "
    "something is new, open a repeat appeal.",
    "merge.into_closed": "The other complaint is closed. Choose one that is open.",
    "queue.bad_cursor": "The cursor is not one of ours. Start again at the first page.",
    "model.missing": "There is no text model in force. People sort the complaints until one is "
    "trained.",
}

_PEOPLE = {
    "access.role": "Your role does not allow this. Ask somebody with the role {role}.",
    "login.wrong": "The login or the password is wrong. Check both and try again.",
    "user.no_login": "The login is empty. Choose a name to sign in with.",
    "user.short_password": "The password is shorter than {limit} characters. Choose a longer one.",
    "user.login_taken": "There is an account with this login already. Choose another login.",
    "user.unknown": "There is no account with this login. Check how it is written.",
    "key.missing": "The request has no API key. Send the header Authorization: Bearer KEY.",
    "key.wrong": "The API key is unknown or revoked. Check that it was copied whole, or ask for a "
    "new one.",
    "key.out_of_scope": "This API key does not allow this. Use a key with the scope: {scopes}.",
    "key.too_fast": "This API key sent more than {limit} requests in a minute. Wait {seconds} s.",
    "key.no_scope": "The key has no scope. Give it at least one.",
    "worker.name_in_use": "A worker of this name is running already. Give each worker a name of "
    "its own.",
    "key.unknown": "There is no such key. Check its id.",
}

ERRORS: Mapping[str, str] = MappingProxyType(
    {
        **_REQUEST,
        **_FIELDS,
        **_EVIDENCE,
        **_CASES,
        **_RULEBOOKS,
        **_PEOPLE,
        **STAFF_ERRORS,
        **WORKBENCH_ERRORS,
    }
)

#: Short names of the HTTP statuses that the API answers, for the ``title`` of a problem.
TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "The request cannot be read",
        401: "An API key is needed",
        403: "Not allowed with this key",
        404: "Nothing found",
        405: "Method not possible here",
        409: "Does not fit the present state",
        410: "No longer there",
        412: "Another version is spoken here",
        413: "Too large",
        415: "Type of body not accepted",
        422: "Something has to be corrected",
        423: "Taken by another request",
        429: "Too many requests",
        460: "The checksum does not fit",
        500: "Our mistake",
        503: "Not available right now",
    }
)

PAGE: Mapping[str, str] = MappingProxyType({"problems": "Problems that the API reports"})
